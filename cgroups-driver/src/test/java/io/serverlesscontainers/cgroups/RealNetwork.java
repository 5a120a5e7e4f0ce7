package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;

/**
 * Containers with a network of their own, made for one test and removed at its end: a cgroup, a process in it that sleeps
 * in a network namespace of its own, and a pair of virtual interfaces with addresses that nobody else has.
 */
final class RealNetwork implements AutoCloseable {
    private static final Path OWN = Path.of("/proc/self/ns/net");

    private final RealCgroups cgroups;
    private final Map<String, Integer> numbers = new LinkedHashMap<>();
    private final List<Process> processes = new ArrayList<>();

    private RealNetwork(RealCgroups cgroups) {
        this.cgroups = cgroups;
    }

    /** Skips the test where interfaces cannot be made. */
    static RealNetwork require(RealCgroups cgroups) {
        for (String program : List.of("/usr/sbin/ip", "/usr/sbin/tc", "/usr/bin/nsenter", "/usr/bin/unshare")) {
            RealThings.require(
                    Files.isExecutable(Path.of(program)), program + " is needed (packages iproute2, util-linux)");
        }
        RealThings.require(RealThings.root(), "root is needed to make network interfaces");
        return new RealNetwork(cgroups);
    }

    /** A container that the host's {@link #hostInterface} leads into. */
    String start() {
        String name = startAlone();
        connect(name, hostInterface(name), "eth0");
        run("ip", "address", "add", hostAddress(name) + "/30", "dev", hostInterface(name));
        inside(name, "ip", "address", "add", address(name) + "/30", "dev", "eth0");
        return name;
    }

    /** A container with a network of its own that leads nowhere. */
    String startAlone() {
        String name = cgroups.create();
        numbers.put(name, numbers.size());
        enterOwnNetwork(name);
        return name;
    }

    /** Starts a process with a network of its own in a container that has none. */
    void enterOwnNetwork(String name) {
        cgroups.run(name, "exec unshare -n sleep 1000");
        Awaitility.await()
                .atMost(Duration.ofSeconds(30))
                .ignoreExceptions()
                .until(() -> !Files.readSymbolicLink(Path.of("/proc/" + process(name) + "/ns/net"))
                        .equals(Files.readSymbolicLink(OWN)));
    }

    /** One more pair. */
    void connect(String name, String onHost, String inside) {
        run("ip", "link", "add", onHost, "type", "veth", "peer", "name", inside, "netns", process(name));
        run("ip", "link", "set", onHost, "up");
        inside(name, "ip", "link", "set", inside, "up");
    }

    String hostInterface(String name) {
        return "sct" + ProcessHandle.current().pid() % 100_000 + "x" + numbers.get(name);
    }

    String hostAddress(String name) {
        return "10.232.77." + (4 * numbers.get(name) + 1);
    }

    String address(String name) {
        return "10.232.77." + (4 * numbers.get(name) + 2);
    }

    /** The first process in a container. */
    String process(String name) {
        return cgroups.read("memory", name, "cgroup.procs").split("\n")[0];
    }

    /** Ends what runs in a container, and with it its network; the cgroup stays. */
    void endProcess(String name) {
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> {
            String process = process(name);
            if (!process.isEmpty()) {
                ProcessHandle.of(Long.parseLong(process)).ifPresent(ProcessHandle::destroyForcibly);
            }
            return process.isEmpty();
        });
    }

    /** Ends it, with its network. */
    void stop(String name) {
        cgroups.remove(name);
        String onHost = hostInterface(name);
        // The kernel takes the interfaces away a moment later; not if packets wait for ever in a bucket of a failed
        // test.
        try {
            run("ip", "link", "delete", onHost);
        } catch (IllegalStateException goneByItself) {
            // That is fine too.
        }
        Awaitility.await().atMost(Duration.ofSeconds(30)).until(() -> !exists(onHost));
        numbers.remove(name);
    }

    private static boolean exists(String link) {
        return Files.exists(Path.of("/sys/class/net", link));
    }

    /** Runs a program in a container's network to its end, and tells what it printed. */
    String inside(String name, String... command) {
        return run(entered(name, command).toArray(String[]::new));
    }

    /** Starts a program in a container's network that ends with the test at the latest. */
    void startInside(String name, Path input, String... command) {
        try {
            processes.add(new ProcessBuilder(entered(name, command))
                    .redirectInput(input.toFile())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private List<String> entered(String name, String... command) {
        var line = new ArrayList<>(List.of("nsenter", "--target", process(name), "--net", "--"));
        line.addAll(List.of(command));
        return line;
    }

    /** Runs a program to its end, and tells what it printed. */
    static String run(String... command) {
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            String output = new String(process.getInputStream().readAllBytes());
            if (!process.waitFor(30, TimeUnit.SECONDS) || process.exitValue() != 0) {
                throw new IllegalStateException(String.join(" ", command) + " failed: " + output);
            }
            return output;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IllegalStateException(interrupted);
        }
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
        for (String name : List.copyOf(numbers.keySet())) {
            stop(name);
        }
    }
}
