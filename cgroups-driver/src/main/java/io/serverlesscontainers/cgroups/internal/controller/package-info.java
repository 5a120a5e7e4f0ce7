/** What each controller can do, whichever version of cgroups does it. */
package io.serverlesscontainers.cgroups.internal.controller;
