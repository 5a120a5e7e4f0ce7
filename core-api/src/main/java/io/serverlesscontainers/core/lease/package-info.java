/**
 * Who works on what when several Guardians, or several Scalers, run on one installation: a {@link
 * io.serverlesscontainers.core.lease.Lease}, kept in the state store. {@link io.serverlesscontainers.core.lease.Turn} is
 * the rule, {@link io.serverlesscontainers.core.lease.LeaseTable} what it is played on, {@link
 * io.serverlesscontainers.core.lease.ClockWindow} the time that it goes by.
 */
package io.serverlesscontainers.core.lease;
