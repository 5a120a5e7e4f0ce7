/** Draws a run as a picture: one SVG file per container, without any drawing library. */
package io.serverlesscontainers.examples.quickstart.plot;
