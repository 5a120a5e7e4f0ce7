/**
 * The shared state of an installation: one interface, {@link io.serverlesscontainers.store.StateStore}, for whoever
 * reads or changes it, and for whoever keeps it.
 */
package io.serverlesscontainers.store;
