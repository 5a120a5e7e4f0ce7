/** What a run has shown: readings along the way, and the report at its end. */
package io.serverlesscontainers.examples.quickstart.report;
