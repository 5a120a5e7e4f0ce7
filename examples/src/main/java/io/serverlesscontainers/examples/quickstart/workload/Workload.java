package io.serverlesscontainers.examples.quickstart.workload;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;

/**
 * A process that really burns CPU and really holds memory, as told: it reads a {@link Demand} per line from standard
 * input, follows it until the next one, and ends with the input. So it also ends when whoever started it is killed.
 *
 * <p>Uses nothing but the JDK, to stay small: started with {@link #command()} it occupies some
 * {@value #FOOTPRINT_MIB} MiB by itself.
 */
public final class Workload {
    /** What the process occupies when it holds nothing, in MiB, as its cgroup counts it: 18 with Java 17, 27 with Java 25. */
    public static final int FOOTPRINT_MIB = 20;

    private Workload() {}

    /** The process. */
    public static void main(String[] arguments) throws IOException {
        var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII));
        try (var cpu = new CpuBurner();
                var memory = new MemoryHolder()) {
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                Demand demand = Demand.parse(line);
                cpu.burn(demand.cpuShares());
                memory.hold(demand.memoryMiB());
            }
        }
    }

    /** The command that starts it, with the Java of this JVM. */
    public static List<String> command() {
        return List.of(
                javaHome().resolve("bin/java").toString(),
                "-Xmx32m",
                "-XX:+UseSerialGC",
                "-Xshare:auto",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                classPath().toString(),
                Workload.class.getName());
    }

    /** What must be visible at the same path where the command runs. */
    public static List<Path> files() {
        return List.of(javaHome(), classPath());
    }

    private static Path javaHome() {
        return Path.of(System.getProperty("java.home"));
    }

    /** The jar, or the directory of classes, that this class came from. */
    private static Path classPath() {
        try {
            return Path.of(Workload.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
        } catch (URISyntaxException impossible) {
            throw new IllegalStateException("the location of the running classes is no path", impossible);
        }
    }
}
