/** The quickstart: watch two containers turn serverless. */
package io.serverlesscontainers.examples.quickstart;
