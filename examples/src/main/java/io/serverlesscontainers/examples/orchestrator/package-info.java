/** The Orchestrator: shows the state of an installation to people and scripts over HTTP, and changes it for them. */
package io.serverlesscontainers.examples.orchestrator;
