package io.serverlesscontainers.cgroups.internal.network;

import io.serverlesscontainers.cgroups.internal.controller.UsageCounter;
import io.serverlesscontainers.cgroups.internal.kernel.NetworkNamespace;
import io.serverlesscontainers.cgroups.internal.kernel.ProcFiles;
import io.serverlesscontainers.cgroups.internal.limit.OutsideLimit;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.parse.Link;
import io.serverlesscontainers.cgroups.internal.parse.Qdisc;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitOutcome;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.OptionalLong;

/**
 * How many Mbit/s one container may receive, and as many again that it may send: a token bucket at each end of the pair
 * of virtual interfaces that leads into it. The end on the host sends what the container receives, and the end inside
 * what it sends. Both buckets vanish with the container; a process inside that may administer its network
 * ({@code CAP_NET_ADMIN}) can remove the one inside, which is then read back as no limit.
 *
 * <p>The pair is found without a guess: the kernel says which of the host's interfaces lead into the namespace of the
 * container's first process.
 */
public final class NetworkLimit implements OutsideLimit {
    private final String container;
    private final NetworkPrograms programs;
    private final NetworkProcess processes;
    private final NetworkCounter counter;

    /** Of a container; does nothing yet. */
    public NetworkLimit(String container, CgroupPaths paths, Path proc, ProcFiles files, NetworkPrograms programs) {
        this.container = container;
        this.programs = programs;
        this.processes = new NetworkProcess(proc, paths, files);
        this.counter = new NetworkCounter(processes);
    }

    @Override
    public Optional<UsageCounter> counter() {
        return Optional.of(counter);
    }

    @Override
    public Optional<OptionalLong> limit() {
        try (NetworkNamespace namespace = namespace()) {
            return Optional.of(pair(namespace).buckets().limit());
        } catch (NoNetwork nothingToLimit) {
            return Optional.empty();
        }
    }

    @Override
    public LimitOutcome apply(OptionalLong wanted) {
        wanted.ifPresent(Interface::refuseTooMuch);
        try (NetworkNamespace namespace = namespace()) {
            Pair pair = pair(namespace);
            Buckets before = pair.buckets();
            if (wanted.isPresent()) {
                pair.set(wanted.getAsLong(), before);
            } else {
                pair.lift(before);
            }
            return outcome(before.limit(), wanted, pair.buckets().limit());
        }
    }

    private static LimitOutcome outcome(OptionalLong before, OptionalLong wanted, OptionalLong reached) {
        if (reached.equals(wanted)) {
            return LimitOutcome.applied(reached);
        }
        boolean moved = !reached.equals(before);
        return new LimitOutcome(
                moved ? LimitOutcome.Status.PARTIAL : LimitOutcome.Status.REFUSED,
                reached,
                "another limit than the one wanted was read back: something else sets it too");
    }

    private NetworkNamespace namespace() {
        int process = processes.find().orElseThrow(() -> nothing("no process runs in it"));
        NetworkNamespace namespace =
                NetworkNamespace.open(processes.link(process)).orElseThrow(() -> nothing("its process has ended"));
        try {
            // Were its number another container's process's by now, it would not be here any more.
            if (!processes.find().equals(Optional.of(process))) {
                throw nothing("its first process has changed meanwhile");
            }
            long number = NetworkProcess.number(processes.namespace(process));
            if (number == NetworkProcess.number(processes.ownNamespace())) {
                throw nothing("it shares the network of the host");
            }
            return namespace;
        } catch (CgroupException unsuitable) {
            namespace.close();
            throw unsuitable;
        }
    }

    private Pair pair(NetworkNamespace namespace) {
        // To list the interfaces gives each namespace that they lead to a number, so it comes first.
        List<Link> onHost = programs.pairs();
        OptionalInt number = namespace.number();
        List<Link> leadingIn = onHost.stream()
                .filter(link -> number.isPresent() && link.namespace().equals(number))
                .toList();
        if (leadingIn.size() != 1) {
            throw nothing(
                    leadingIn.isEmpty()
                            ? "no virtual interface (veth) of the host leads into it"
                            : "several virtual interfaces of the host lead into it, "
                                    + leadingIn.stream().map(Link::name).toList() + ", and a limit cannot be shared");
        }
        Link host = leadingIn.get(0);
        Link inside = programs.links(namespace).stream()
                .filter(link -> link.index() == host.peer())
                .findFirst()
                .orElseThrow(() -> nothing(
                        "where '" + host.name() + "' leads to there is no interface with a name that engines give"));
        return new Pair(programs.own(host), programs.inside(namespace, inside));
    }

    private NoNetwork nothing(String why) {
        return new NoNetwork("the network of container '" + container + "' cannot be limited: " + why);
    }

    /** How both ends queue: the host's what goes in, the other what comes out. */
    private record Buckets(Qdisc host, Qdisc inside) {
        /** What both directions are kept to; if only one is, that is no limit. */
        OptionalLong limit() {
            OptionalLong received = Interface.mbit(host);
            OptionalLong sent = Interface.mbit(inside);
            return received.isPresent() && sent.isPresent()
                    ? OptionalLong.of(Math.max(received.getAsLong(), sent.getAsLong()))
                    : OptionalLong.empty();
        }
    }

    /** Both ends. */
    private record Pair(Interface host, Interface inside) {
        Buckets buckets() {
            return new Buckets(host.qdisc(), inside.qdisc());
        }

        void set(long mbit, Buckets before) {
            host.refuseForeign(before.host());
            inside.refuseForeign(before.inside());
            host.set(mbit);
            try {
                inside.set(mbit);
            } catch (CgroupException failure) {
                try {
                    host.restore(before.host());
                } catch (CgroupException second) {
                    failure.addSuppressed(second);
                }
                throw failure;
            }
        }

        /** Only what is ours. */
        void lift(Buckets before) {
            if (Interface.isOurs(before.inside())) {
                inside.lift();
            }
            if (Interface.isOurs(before.host())) {
                host.lift();
            }
        }
    }
}
