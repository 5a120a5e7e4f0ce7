/** Benchmarks; how to run and read them is in the README of this module. */
package io.serverlesscontainers.bench;
