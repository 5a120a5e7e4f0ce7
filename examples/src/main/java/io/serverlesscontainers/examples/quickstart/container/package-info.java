/** Makes the real containers of the quickstart, and takes them away again on every way out. */
package io.serverlesscontainers.examples.quickstart.container;
