/** The HTTP side of every service: who may ask, how much, and that every answer is JSON. */
package io.serverlesscontainers.examples.service.http;
