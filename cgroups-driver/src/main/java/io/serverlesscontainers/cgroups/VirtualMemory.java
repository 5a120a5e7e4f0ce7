package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import io.serverlesscontainers.cgroups.internal.kernel.KernelRefusal;
import io.serverlesscontainers.cgroups.internal.kernel.ProcFiles;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.mount.Hierarchy;
import io.serverlesscontainers.cgroups.internal.parse.KernelText;
import io.serverlesscontainers.cgroups.internal.parse.ProcessFiles;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The address spaces of a container's processes, added up: {@code VmSize} of each, those in cgroups inside it included.
 * What several processes share counts once for each, and what is merely reserved counts as well; no counter of a cgroup
 * tells it. It costs four calls to the kernel for each cgroup and each process, and nothing is held open. For one thread.
 *
 * @see <a href="https://docs.kernel.org/filesystems/proc.html">proc: statm</a>
 */
final class VirtualMemory {
    private static final int MOST_CGROUPS = 1_000;

    private final Path proc;
    private final ProcFiles files = new ProcFiles();
    private final int pageSize = ProcFiles.pageSize();

    /** Of processes in this proc file system. */
    VirtualMemory(Path proc) {
        this.proc = proc;
    }

    /** In bytes, {@link KernelText#ABSENT} if it has ended, or has too many cgroups or processes to tell. */
    long bytes(CgroupPaths paths) {
        Optional<Map.Entry<Hierarchy, String>> place = paths.paths().entrySet().stream()
                // In version 1 a process may be in a container here and not there; whose memory it is, this one tells.
                .max((one, other) -> Boolean.compare(
                        one.getKey().has("memory"), other.getKey().has("memory")));
        return place.isEmpty()
                ? KernelText.ABSENT
                : bytes(place.get().getKey().root(), place.get().getValue());
    }

    private long bytes(CgroupRoot root, String container) {
        long bytes = 0;
        int cgroups = 1;
        Deque<String> waiting = new ArrayDeque<>();
        waiting.add(container);
        while (!waiting.isEmpty()) {
            String cgroup = waiting.remove();
            long its = right(root, cgroup, cgroup.equals(container));
            List<String> children = children(root, cgroup);
            cgroups += children.size();
            if (its == KernelText.ABSENT || cgroups > MOST_CGROUPS) {
                return KernelText.ABSENT;
            }
            bytes += its;
            children.forEach(child -> waiting.add(cgroup + "/" + child));
        }
        return bytes;
    }

    /** Of the processes right in a cgroup, which is the container's own or one inside it. */
    private long right(CgroupRoot root, String cgroup, boolean own) {
        try {
            ByteBuffer list = root.processes(cgroup);
            if (ProcFiles.isFull(list)) {
                return KernelText.ABSENT;
            }
            long bytes = 0;
            for (int process : ProcessFiles.numbers(list, cgroup)) {
                bytes += of(process);
            }
            return bytes;
        } catch (KernelRefusal endedOrThreaded) {
            // One inside may hold mere threads, whose processes are counted in a cgroup above.
            return own ? KernelText.ABSENT : 0;
        }
    }

    private static List<String> children(CgroupRoot root, String cgroup) {
        try {
            return root.children(cgroup, MOST_CGROUPS);
        } catch (KernelRefusal ended) {
            return List.of();
        }
    }

    private long of(int process) {
        ProcFiles.File statm = files.file(
                proc.resolve(Integer.toString(process)).resolve("statm").toString());
        ByteBuffer text = statm.read();
        // A process that has ended but was not waited for yet has no address space: the file says 0.
        return text == null || text.limit() == 0 ? 0 : pageSize * ProcessFiles.pages(text, statm.toString());
    }
}
