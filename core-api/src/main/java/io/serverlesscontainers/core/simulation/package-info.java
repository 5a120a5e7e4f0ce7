/**
 * A host that exists only in memory, for laptops without cgroups and for tests that run hours in a moment:
 * {@link io.serverlesscontainers.core.simulation.SimulatedHost} is driver and metric source at once, its containers use
 * what a {@link io.serverlesscontainers.core.simulation.Demand} says, and a
 * {@link io.serverlesscontainers.core.simulation.VirtualClock} tells the time.
 */
package io.serverlesscontainers.core.simulation;
