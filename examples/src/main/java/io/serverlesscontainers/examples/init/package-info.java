/** The documents that a new installation starts with. */
package io.serverlesscontainers.examples.init;
