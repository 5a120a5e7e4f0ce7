/** What the containers of the quickstart do: a process that burns CPU and holds memory as told, and the plan it follows. */
package io.serverlesscontainers.examples.quickstart.workload;
