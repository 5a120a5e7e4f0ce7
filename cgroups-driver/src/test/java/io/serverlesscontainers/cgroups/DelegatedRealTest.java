package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.store.document.Resource;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A part of the tree that belongs to somebody who is not root: that one can scale what is in there and nothing else, and
 * whatever is planted in there leads nowhere else, not even root.
 */
@Tag("cgroup-v1")
class DelegatedRealTest {
    private static final int NOBODY = 65_534;
    private static final List<String> CONTROLLERS = List.of("cpu", "cpuset", "memory");

    @TempDir
    Path directory;

    private RealCgroups cgroups;
    private String theirs;
    private String container;
    private String others;

    @BeforeEach
    void makeCgroups() {
        cgroups = RealCgroups.requireV1();
        theirs = cgroups.create();
        container = cgroups.create(theirs + "/container");
        others = cgroups.create();
    }

    @AfterEach
    void removeThem() {
        if (cgroups != null) {
            cgroups.close();
        }
    }

    @Test
    void who_owns_a_subtree_needs_not_be_root_and_is_told_what_is_missing_elsewhere() throws Exception {
        RealThings.require(RealThings.root(), "root is needed, to give cgroups to somebody");
        RealThings.require(new File("/usr/bin/setpriv").canExecute(), "setpriv is needed");
        give(theirs);
        give(container);
        List<String> command = new ArrayList<>(
                List.of("/usr/bin/setpriv", "--reuid", "" + NOBODY, "--regid", "" + NOBODY, "--clear-groups"));
        command.addAll(java(readableClassPath()));
        command.addAll(List.of(container, theirs, others));

        String quota = cgroups.directory("cpu", others) + "/cpu.cfs_quota_us";
        assertThat(run(command))
                .isEqualTo(List.of(
                        "[" + container + "] 150 on 0, 96 MiB",
                        "[" + theirs + "] 150 on 0, 96 MiB",
                        "cannot open " + quota + " for writing: EACCES (13, permission denied); write permission on "
                                + quota + " is missing"));
        assertThat(cgroups.quota(container)).isEqualTo("150000");
        assertThat(cgroups.quota(others)).isEqualTo("-1");
    }

    @Test
    void what_is_mounted_over_a_cgroup_and_what_a_link_in_there_leads_to_are_not_written() throws Exception {
        RealThings.require(RealThings.root(), "root is needed, to mount something");
        RealThings.require(new File("/usr/bin/unshare").canExecute(), "unshare is needed");
        Path planted = Files.createDirectory(directory.resolve("planted"));
        for (String file : List.of("cpu.cfs_quota_us", "cpu.cfs_period_us", "cpu.stat")) {
            Files.writeString(planted.resolve(file), "100000\n");
        }
        Files.createSymbolicLink(planted.resolve("link"), cgroups.directory("cpu", others));

        String untouched = cgroups.create();
        Path covered = cgroups.directory("cpu", container);
        List<String> command = new ArrayList<>(List.of(
                "/usr/bin/unshare",
                "--mount",
                "sh",
                "-c",
                "mount --bind " + planted + " " + covered + " && exec \"$@\"",
                "sh"));
        command.addAll(java(System.getProperty("java.class.path")));
        command.addAll(List.of(container, container + "/link", untouched));

        List<String> told = run(command);
        assertThat(told.get(0))
                .startsWith(covered + "/cpu.cfs_")
                .contains(" lies on a file system of type 0x")
                .endsWith(", a cgroup file system is needed");
        assertThat(told.get(1)).startsWith("there is no container '" + container + "/link'");
        assertThat(told.get(2)).isEqualTo("[" + untouched + "] 150 on 0, 96 MiB");
        assertThat(planted.resolve("cpu.cfs_quota_us")).hasContent("100000");
        assertThat(cgroups.quota(others)).isEqualTo("-1");
        assertThat(cgroups.quota(container)).isEqualTo("-1");
    }

    @Test
    void in_a_cgroup_itself_no_link_can_be_made() throws Exception {
        Path link = cgroups.directory("cpu", theirs).resolve("link");
        var process = new ProcessBuilder("ln", "-s", "/etc", link.toString()).start();
        assertThat(process.waitFor()).isNotZero();
        assertThat(Files.exists(link)).isFalse();
    }

    private void give(String name) throws IOException {
        for (String controller : CONTROLLERS) {
            Path cgroup = cgroups.directory(controller, name);
            try (Stream<Path> files = Files.list(cgroup)) {
                for (Path file : Stream.concat(Stream.of(cgroup), files.filter(Files::isRegularFile))
                        .toList()) {
                    Files.setAttribute(file, "unix:uid", NOBODY);
                }
            }
        }
    }

    /** The class path where everybody can read it: a home directory often is nobody else's. */
    private String readableClassPath() throws IOException {
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        var copies = new ArrayList<String>();
        for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
            Path from = Path.of(entry);
            if (Files.exists(from)) {
                Path to = directory.resolve(copies.size() + "-" + from.getFileName());
                copy(from, to);
                copies.add(to.toString());
            }
        }
        return String.join(File.pathSeparator, copies);
    }

    private static void copy(Path from, Path to) throws IOException {
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.copy(file, target);
                boolean isDirectory = Files.isDirectory(target);
                Files.setPosixFilePermissions(
                        target, PosixFilePermissions.fromString(isDirectory ? "rwxr-xr-x" : "rw-r--r--"));
            }
        }
    }

    private List<String> java(String classPath) throws IOException {
        Path temporary = Files.createDirectories(directory.resolve("tmp"));
        Files.setPosixFilePermissions(temporary, PosixFilePermissions.fromString("rwxrwxrwx"));
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
        return List.of(
                System.getProperty("java.home") + "/bin/java",
                "-XX:TieredStopAtLevel=1",
                "-Djava.io.tmpdir=" + temporary,
                "-Djna.tmpdir=" + temporary,
                "-cp",
                classPath,
                Scale.class.getName());
    }

    private List<String> run(List<String> command) throws Exception {
        Path errors = directory.resolve("errors");
        var process = new ProcessBuilder(command).redirectError(errors.toFile()).start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(process.exitValue()).as("%s", Files.readString(errors)).isZero();
        return output.lines().toList();
    }

    /** Another process, which scales each container that it is told, and says what came of it. */
    static final class Scale {
        private Scale() {}

        public static void main(String[] containers) {
            try (var driver = Cgroups.detect()) {
                // What is planted is in nobody's way.
                driver.containers();
                for (String container : containers) {
                    System.out.println(scale(driver, container));
                }
            }
        }

        private static String scale(KernelCgroupDriver driver, String container) {
            try {
                driver.apply(container, LimitChange.to(Resource.CPU, 150));
                driver.apply(container, LimitChange.cpu(150, CpuSet.of(0)));
                driver.apply(container, LimitChange.to(Resource.MEMORY, 96));
                var limits = driver.limits(container);
                return "[" + container + "] " + limits.limit(Resource.CPU).orElseThrow() + " on "
                        + limits.cpus().orElseThrow() + ", "
                        + limits.limit(Resource.MEMORY).orElseThrow() + " MiB";
            } catch (CgroupException refusal) {
                return refusal.getMessage();
            }
        }
    }
}
