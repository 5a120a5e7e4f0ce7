/**
 * The contract of {@link io.serverlesscontainers.store.StateStore} as tests that every implementation inherits. Whoever
 * uses this jar needs JUnit 5 (jupiter), AssertJ and Awaitility among the test dependencies.
 */
package io.serverlesscontainers.store.tck;
