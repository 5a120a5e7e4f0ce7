/** The Container Scaler: reads and moves the limits of one host's containers for whoever asks over HTTP. */
package io.serverlesscontainers.examples.containerscaler;
