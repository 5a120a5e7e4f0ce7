package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.cgroups.internal.kernel.NetworkNamespace;
import io.serverlesscontainers.cgroups.internal.parse.Qdisc;
import io.serverlesscontainers.core.spi.CgroupException;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * The token bucket at the root of one interface, which shapes what the interface sends: what passes may be
 * {@value #BURST_MILLIS} ms ahead of the rate, but {@value #LEAST_BURST} bytes at least; what is more waits, for
 * {@value #LATENCY_MILLIS} ms at most, and is dropped then. See tc-tbf(8).
 */
final class Interface {
    /** By this number we know ours again. */
    static final String HANDLE = "5ca1:";

    static final int BURST_MILLIS = 10;
    // A packet that already waits when the limit is lowered must fit into the new bucket, or nothing passes any more:
    // the
    // kernel hands over up to 64 KiB as one.
    static final int LEAST_BURST = 70_000;

    static final int LATENCY_MILLIS = 100;

    // What waits is counted in 32 bits: at more, it would be more.
    private static final long MOST_MBIT = 100_000;

    private static final long BYTES_PER_MBIT = 125_000;

    private final NetworkPrograms programs;
    private final Optional<NetworkNamespace> namespace;
    private final String name;

    Interface(NetworkPrograms programs, Optional<NetworkNamespace> namespace, String name) {
        this.programs = programs;
        this.namespace = namespace;
        this.name = name;
    }

    /** What is there now. */
    Qdisc qdisc() {
        return Qdisc.parse(programs.tcJson(namespace, "-json", "qdisc", "show", "dev", name), toString());
    }

    /** The limit of a token bucket in Mbit/s, whoever set it; empty if there is none. */
    static OptionalLong mbit(Qdisc qdisc) {
        return qdisc.bytesPerSecond().isPresent()
                ? OptionalLong.of(qdisc.bytesPerSecond().getAsLong() / BYTES_PER_MBIT)
                : OptionalLong.empty();
    }

    /** Refuses to touch what somebody else chose. */
    void refuseForeign(Qdisc qdisc) {
        if (!qdisc.isNobodys() && !isOurs(qdisc)) {
            throw new CgroupException(this + " has the queueing discipline '" + qdisc.kind() + "' with the handle "
                    + qdisc.handle() + ", which somebody else set: a limit is set only where there is none");
        }
    }

    static boolean isOurs(Qdisc qdisc) {
        return qdisc.kind().equals("tbf") && qdisc.handle().equals(HANDLE);
    }

    static void refuseTooMuch(long mbit) {
        if (mbit > MOST_MBIT) {
            throw new CgroupException("net limit is " + mbit + " Mbit/s, at most " + MOST_MBIT + " Mbit/s is possible");
        }
    }

    /** Sets the limit in Mbit/s, at once and without losing what waits. */
    void set(long mbit) {
        long bytesPerSecond = mbit * BYTES_PER_MBIT;
        long burst = Math.max(LEAST_BURST, bytesPerSecond * BURST_MILLIS / 1000);
        programs.tc(
                namespace,
                "qdisc",
                "replace",
                "dev",
                name,
                "root",
                "handle",
                HANDLE,
                "tbf",
                "rate",
                mbit + "mbit",
                "burst",
                Long.toString(burst),
                "latency",
                LATENCY_MILLIS + "ms");
    }

    /** Removes the token bucket, which must be ours. */
    void lift() {
        programs.tc(namespace, "qdisc", "del", "dev", name, "root", "handle", HANDLE);
    }

    /** Puts back what was there before; what was nobody's comes by itself. */
    void restore(Qdisc before) {
        if (isOurs(before)) {
            set(mbit(before).orElseThrow());
        } else {
            lift();
        }
    }

    @Override
    public String toString() {
        return "interface '" + name + "' " + (namespace.isPresent() ? "in the container" : "on the host");
    }
}
