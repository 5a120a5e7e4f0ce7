/** The command line: one jar, one command per task. */
package io.serverlesscontainers.examples;
