/** Tables in plain text. */
package io.serverlesscontainers.examples.table;
