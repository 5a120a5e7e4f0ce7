package io.serverlesscontainers.examples.containerscaler;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.CpuSet;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Which CPUs share a core and a socket, as the kernel tells it in {@code /sys/devices/system/cpu/cpuN/topology}.
 *
 * @see <a href="https://docs.kernel.org/admin-guide/cputopology.html">how CPU topology is exported</a>
 */
final class CpuTopology {
    private final Path cpus;

    CpuTopology(Path fileSystem) {
        this.cpus = fileSystem.resolve("sys/devices/system/cpu");
    }

    /** {@code {"0": {"core": 0, "socket": 0}, …}}; without a number that the kernel does not tell. */
    ObjectNode of(CpuSet some) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        some.stream().forEach(cpu -> {
            ObjectNode places = json.putObject(Integer.toString(cpu));
            put(places, "core", cpu, "core_id");
            put(places, "socket", cpu, "physical_package_id");
        });
        return json;
    }

    private void put(ObjectNode json, String field, int cpu, String file) {
        try {
            String number = Files.readString(cpus.resolve("cpu" + cpu + "/topology/" + file));
            json.put(field, Integer.parseInt(number.strip()));
        } catch (IOException | NumberFormatException untold) {
            // Virtual machines and containers may have none.
        }
    }
}
