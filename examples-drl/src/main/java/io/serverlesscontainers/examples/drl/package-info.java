/** Rules of one's own in DRL, on top of the stock rules. */
package io.serverlesscontainers.examples.drl;
