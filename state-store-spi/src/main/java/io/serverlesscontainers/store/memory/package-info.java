/** The store for programs that keep their state in their own process, with or without a file behind it. */
package io.serverlesscontainers.store.memory;
