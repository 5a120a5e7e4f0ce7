/** The library inside another program. */
package io.serverlesscontainers.examples.embedded;
