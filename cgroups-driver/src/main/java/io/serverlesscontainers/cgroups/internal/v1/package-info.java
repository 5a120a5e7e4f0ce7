/** Version 1 of cgroups: one class per controller, named after it, with all its file names. */
package io.serverlesscontainers.cgroups.internal.v1;
