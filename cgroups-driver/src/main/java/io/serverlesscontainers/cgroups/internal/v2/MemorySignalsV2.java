package io.serverlesscontainers.cgroups.internal.v2;

import io.serverlesscontainers.cgroups.internal.controller.SignalCounter;
import io.serverlesscontainers.cgroups.internal.controller.SignalCounts;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupDirectory;
import io.serverlesscontainers.cgroups.internal.kernel.CgroupFile;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import java.nio.ByteBuffer;

/**
 * Version 2 {@code memory}: {@code oom_kill} and {@code max} in {@code memory.events}, which counts the cgroups below
 * too, and {@code memory.pressure}.
 */
public final class MemorySignalsV2 implements SignalCounter {
    private static final byte[] OOM_KILL = KernelText.key("oom_kill");
    private static final byte[] MAX = KernelText.key("max");

    private final CgroupFile events;
    private final String path;
    private final PressureFile pressure;

    /** The controller's files in a cgroup. */
    public MemorySignalsV2(CgroupDirectory cgroup) {
        this.events = cgroup.file("memory.events");
        this.path = events.toString();
        this.pressure = new PressureFile(cgroup, "memory.pressure");
    }

    @Override
    public SignalCounts counts() {
        ByteBuffer text = events.read();
        long kills = KernelText.field(text, OOM_KILL, path);
        return pressure.addTo(SignalCounts.NONE.withMemoryEvents(kills, KernelText.field(text, MAX, path)));
    }

    @Override
    public int openings() {
        return events.openings() + pressure.openings();
    }
}
