package io.serverlesscontainers.cgroups.internal.kernel;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One cgroup in one hierarchy, and the files of it that are in use. */
public final class CgroupDirectory implements AutoCloseable {
    private final CgroupRoot root;
    private final String path;
    private final List<CgroupFile> files = new ArrayList<>();

    CgroupDirectory(CgroupRoot root, String path) {
        this.root = root;
        this.path = path;
    }

    /** One of its files, not opened yet. */
    public synchronized CgroupFile file(String name) {
        var file = new CgroupFile(root, path + "/" + name);
        files.add(file);
        return file;
    }

    /** Whether it has a file of this name. */
    public boolean has(String name) {
        return root.has(path + "/" + name);
    }

    /** Some process in it; empty if there is none. */
    public Optional<Integer> firstProcess() {
        String first =
                StandardCharsets.US_ASCII.decode(file("cgroup.procs").read()).toString();
        String number = first.lines().findFirst().orElse("").strip();
        return number.matches("[1-9][0-9]{0,8}") ? Optional.of(Integer.valueOf(number)) : Optional.empty();
    }

    /** Closes all its files; using one later fails as if the cgroup were gone. */
    @Override
    public synchronized void close() {
        files.forEach(CgroupFile::close);
    }

    /** Its absolute path. */
    @Override
    public String toString() {
        return root.absolute(path);
    }
}
