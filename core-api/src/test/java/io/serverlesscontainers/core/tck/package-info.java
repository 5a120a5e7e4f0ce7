/**
 * For whoever implements one of the interfaces of {@link io.serverlesscontainers.core.spi}: abstract JUnit 5
 * classes that hold its contract, each test named by a sentence. Extend one, override what it asks for, and inherit the
 * tests.
 */
package io.serverlesscontainers.core.tck;
