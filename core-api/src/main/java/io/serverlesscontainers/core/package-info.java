/**
 * The face of the library: a {@link io.serverlesscontainers.core.ScalingController} for whoever embeds it. The services
 * that it is made of stand in packages of their own and can be used one by one.
 */
package io.serverlesscontainers.core;
