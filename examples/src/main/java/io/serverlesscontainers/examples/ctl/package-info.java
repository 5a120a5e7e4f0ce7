/** {@code ctl}: what an operator does by hand, asked of an Orchestrator over HTTP. Nothing is decided here. */
package io.serverlesscontainers.examples.ctl;
