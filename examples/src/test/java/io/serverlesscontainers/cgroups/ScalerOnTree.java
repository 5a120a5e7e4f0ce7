package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.remote.RemoteCgroupDriver;
import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.service.http.Listen;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Stream;

/** A Container Scaler whose machine is a tree of files. In the package of the driver, as these trees are. */
final class ScalerOnTree implements AutoCloseable {
    /** More than any test asks for. */
    static final int UNLIMITED_RATE = 1_000_000;

    private final FixtureTree tree;
    private final KernelCgroupDriver driver;
    private final ContainerScalerServer server;

    ScalerOnTree(FixtureTree tree) {
        this(tree, Listen.loopback(0), UNLIMITED_RATE);
    }

    private ScalerOnTree(FixtureTree tree, Listen listen, int requestsPerSecond) {
        this.tree = tree;
        driver = tree.settings().disk(Path.of("/")).build();
        server = new ContainerScalerServer(driver, tree.root(), listen, requestsPerSecond);
    }

    /** Four CPUs of two cores each in one socket, and two LXC containers. */
    static ScalerOnTree withFourCpus(FixtureTree.Kind kind) {
        return withFourCpus(kind, Listen.loopback(0), UNLIMITED_RATE);
    }

    /** The same for some only, who may ask so often. */
    static ScalerOnTree withFourCpus(FixtureTree.Kind kind, Listen listen, int requestsPerSecond) {
        FixtureTree tree = FixtureTree.of(kind);
        tree.write("sys/devices/system/cpu/online", "0-3\n");
        String cpus = kind == FixtureTree.Kind.V2
                ? "sys/fs/cgroup/cpuset.cpus.effective"
                : "sys/fs/cgroup/cpuset/cpuset.effective_cpus";
        tree.write(cpus, "0-3\n");
        for (int cpu = 0; cpu < 4; cpu++) {
            String topology = "sys/devices/system/cpu/cpu" + cpu + "/topology/";
            tree.write(topology + "core_id", cpu % 2 + "\n");
            tree.write(topology + "physical_package_id", "0\n");
        }
        tree.container("lxc.payload.cont0");
        tree.container("lxc.payload.cont1");
        return new ScalerOnTree(tree, listen, requestsPerSecond);
    }

    /** Answers nobody any more. */
    void end() {
        server.close();
    }

    FixtureTree tree() {
        return tree;
    }

    URI url() {
        return server.url();
    }

    RemoteCgroupDriver remote() {
        return RemoteCgroupDriver.builder(url().toString()).build();
    }

    /** Every file of the machine and beside it, with what it holds. */
    Map<String, String> contents() {
        var contents = new TreeMap<String, String>();
        try (Stream<Path> files = Files.walk(tree.root())) {
            for (Path file : files.filter(Files::isRegularFile).toList()) {
                contents.put(file.toString(), Files.readString(file));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        return contents;
    }

    @Override
    public void close() {
        server.close();
        driver.close();
        tree.close();
    }
}
