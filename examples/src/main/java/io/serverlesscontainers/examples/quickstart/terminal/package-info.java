/** Shows a run to a person: redrawn in place on a terminal, as steady lines everywhere else. */
package io.serverlesscontainers.examples.quickstart.terminal;
