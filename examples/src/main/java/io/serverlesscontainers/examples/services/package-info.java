/**
 * The services that meet in the shared state, one process each: what they read from their documents, and the loop around
 * the library's classes. Nothing is decided here.
 */
package io.serverlesscontainers.examples.services;
