package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.examples.containerscaler.ContainerScalerServer;
import io.serverlesscontainers.examples.service.http.Listen;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * Many hosts in one process, for {@code ManyHosts}: each has a Container Scaler at a port of its own, and its cgroups are
 * a tree of files. It says {@code READY} and the ports in one line, and ends with its standard input. In the package of
 * the driver, as these trees are.
 */
public final class SimulatedHosts {
    /** Of each host, which says that it has so many. */
    public static final int CORES = 256;

    public static final int MEMORY_MIB = 1 << 20;
    /** Of each container when it starts. */
    public static final int SHARES = 100;

    public static final int CONTAINER_MIB = 4_096;
    /** A process may open so many files, and it has more hosts than one. */
    private static final int OPEN_FILES = 300;

    private SimulatedHosts() {}

    /** Takes the number of hosts and the number of containers on each. */
    public static void main(String[] args) throws IOException {
        int hosts = Integer.parseInt(args[0]);
        int containers = Integer.parseInt(args[1]);
        List<AutoCloseable> opened = new ArrayList<>();
        try {
            var ready = new StringBuilder("READY");
            for (int host = 0; host < hosts; host++) {
                FixtureTree tree = tree(host, containers);
                opened.add(tree);
                KernelCgroupDriver driver =
                        tree.settings().mostOpenFiles(OPEN_FILES).build();
                opened.add(driver);
                var server =
                        new ContainerScalerServer(driver, tree.root(), Listen.loopback(0), ScalerOnTree.UNLIMITED_RATE);
                opened.add(server);
                ready.append(' ').append(server.url().getPort());
            }
            System.out.println(ready);
            System.in.readAllBytes();
        } finally {
            for (int i = opened.size() - 1; i >= 0; i--) {
                try {
                    opened.get(i).close();
                } catch (Exception failed) {
                    System.err.println(failed);
                }
            }
        }
    }

    /** What container there is on a host. */
    public static String container(int host, int number) {
        return "host" + host + "-cont" + number;
    }

    private static FixtureTree tree(int host, int containers) {
        FixtureTree tree = FixtureTree.of(FixtureTree.Kind.V2);
        String cpus = "0-" + (CORES - 1) + "\n";
        tree.write("sys/devices/system/cpu/online", cpus);
        tree.write("sys/fs/cgroup/cpuset.cpus.effective", cpus);
        tree.write("proc/meminfo", "MemTotal:        " + MEMORY_MIB * 1024L + " kB\n");
        for (int number = 0; number < containers; number++) {
            String cgroup = "lxc.payload." + container(host, number);
            tree.container(cgroup);
            tree.write("sys/fs/cgroup/" + cgroup + "/cpu.max", SHARES * 1_000 + " 100000\n");
            tree.write("sys/fs/cgroup/" + cgroup + "/memory.max", ((long) CONTAINER_MIB << 20) + "\n");
        }
        return tree;
    }
}
