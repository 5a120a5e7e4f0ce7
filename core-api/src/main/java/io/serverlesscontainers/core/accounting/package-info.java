/** How much of what was given was used. */
package io.serverlesscontainers.core.accounting;
