/** What the kernel writes, read by pure functions: no file is opened here. */
package io.serverlesscontainers.cgroups.internal.parse;
