package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * The tests with real cgroups once more, on a version 2 kernel: in a small virtual machine, which is built from what
 * Debian has ({@code src/test/vm}). It is emulated in software and needs neither root nor KVM. CONTRIBUTING.md says how
 * to look inside.
 */
class CgroupV2VirtualMachineIT {
    private static final List<Class<?>> TESTS = List.of(
            Version2RealTest.class,
            RealDriverContractTest.class,
            RealSourceContractTest.class,
            KernelCgroupDriverRealTest.class,
            CpuBurstRealTest.class,
            WorkingSetRealTest.class,
            CpuEffectRealTest.class,
            DiskEffectRealTest.class,
            SignalsRealTest.class,
            OpenFilesRealTest.class,
            InterruptedReaderRealTest.class,
            DriftRealTest.class,
            MetricsFeederRealTest.class,
            OrderedChangesRealTest.class,
            KernelErrorsRealTest.class,
            MemoryDecreasesRealTest.class,
            LxcRealTest.class);

    private static final List<String> PROGRAMS = List.of(
            "apt-get", "dpkg-deb", "qemu-system-x86_64", "busybox", "lxc-start", "lxc-stop", "lxc-info", "mkfs.ext4");

    // Debian keeps mkfs where only root looks.
    private static final String MORE_PATH = ":/usr/sbin:/sbin";

    private static final Path SCRIPTS = Path.of("src/test/vm").toAbsolutePath();
    private static final Path BUILT = Path.of("target/vm/built").toAbsolutePath();
    private static final Path JOB = Path.of("target/vm/job").toAbsolutePath();
    private static final Path OUT = Path.of("target/vm/out").toAbsolutePath();
    private static final Duration BUILD_LIMIT = Duration.ofMinutes(3);
    private static final Duration RUN_LIMIT = Duration.ofMinutes(8);
    private static final int LAST_LINES = 60;
    // What the shell says of a process that ended by SIGILL, SIGABRT, SIGBUS or SIGSEGV.
    private static final Set<Integer> CRASHED = Set.of(128 + 4, 128 + 6, 128 + 7, 128 + 11);

    @Test
    void the_tests_with_real_cgroups_pass_on_version_2() throws Exception {
        requirePrograms();
        Ended build = script(BUILD_LIMIT, "build.sh", BUILT);
        RealThings.require(build.status == 0, "the virtual machine could not be built: " + build.output());
        writeJob();

        long start = System.nanoTime();
        Ended run = run();
        String retried = "";
        if (CRASHED.contains(run.status) && report().failed().isEmpty()) {
            retried = ", at the second attempt: Java crashed under emulation";
            Path console = OUT.resolve("console.txt");
            Files.move(console, OUT.resolve("console-of-the-crash.txt"), StandardCopyOption.REPLACE_EXISTING);
            run = run();
        }
        long seconds = Duration.ofNanos(System.nanoTime() - start).toSeconds();

        VirtualMachineReport report = report();
        System.out.println("v2 in the virtual machine: " + report + ", " + seconds + " s" + retried);
        assertThat(report.failed())
                .as("tests that failed in the virtual machine")
                .isEmpty();
        assertThat(run.status)
                .as("status of the virtual machine (124: it took too long, 125: it died); %s", run.output())
                .isZero();
        assertThat(report.complete()).as("the last test was reached").isTrue();
        assertThat(report.skipped())
                .as("tests that were skipped in the virtual machine")
                .isEmpty();
        for (Class<?> each : TESTS) {
            assertThat(report.passed()).anyMatch(test -> test.startsWith(each.getSimpleName() + "."));
        }
    }

    private static void requirePrograms() {
        RealThings.require(
                System.getProperty("os.arch").equals("amd64"), "the virtual machine is made of amd64 programs");
        String path = System.getenv("PATH") + MORE_PATH;
        String missing = PROGRAMS.stream()
                .filter(program -> Arrays.stream(path.split(File.pathSeparator))
                        .noneMatch(folder -> Files.isExecutable(Path.of(folder, program))))
                .collect(Collectors.joining(", "));
        RealThings.require(missing.isEmpty(), "the virtual machine needs programs that are not installed: " + missing);
        Path jlink = Path.of(System.getProperty("java.home"), "bin/jlink");
        RealThings.require(Files.isExecutable(jlink), "the virtual machine needs a JDK with " + jlink);
    }

    /** The class path of this test, and the command that runs the tests with it. */
    private static void writeJob() throws IOException {
        if (Files.exists(JOB)) {
            try (Stream<Path> old = Files.walk(JOB)) {
                old.sorted(Comparator.reverseOrder())
                        .forEach(file -> file.toFile().delete());
            }
        }
        var inside = new ArrayList<String>();
        String[] classPath = System.getProperty("java.class.path").split(File.pathSeparator);
        for (int i = 0; i < classPath.length; i++) {
            Path entry = Path.of(classPath[i]);
            String name = i + "-" + entry.getFileName();
            copy(entry, JOB.resolve(name));
            inside.add("/job/" + name);
        }
        String tests = TESTS.stream().map(Class::getName).collect(Collectors.joining(" "));
        // Emulated code runs so slowly that neither compiling well nor verifying what was verified outside pays.
        Files.writeString(JOB.resolve("run"), """
                export REQUIRE_REAL=1
                exec java -Xmx128m -XX:+UseSerialGC -XX:TieredStopAtLevel=1 -XX:-UsePerfData \\
                  -XX:+UnlockDiagnosticVMOptions -XX:-BytecodeVerificationRemote -Duser.language=en \\
                  -cp %s \\
                  %s %s
                """.formatted(
                        String.join(":", inside), InsideVirtualMachine.class.getName(), tests));
    }

    private static void copy(Path from, Path to) throws IOException {
        if (!Files.exists(from)) {
            return;
        }
        try (Stream<Path> files = Files.walk(from)) {
            for (Path file : files.toList()) {
                Path target = to.resolve(from.relativize(file).toString());
                Files.createDirectories(Files.isDirectory(file) ? target : target.getParent());
                if (!Files.isDirectory(file)) {
                    Files.copy(file, target);
                }
            }
        }
    }

    private static Ended run() throws Exception {
        return script(RUN_LIMIT.plusSeconds(30), "run.sh", BUILT, JOB, OUT);
    }

    private static Ended script(Duration limit, String name, Path... arguments) throws Exception {
        var command = new ArrayList<>(List.of(SCRIPTS.resolve(name).toString()));
        Stream.of(arguments).map(Path::toString).forEach(command::add);
        Files.createDirectories(OUT);
        for (String old : List.of("console.txt", "report.txt")) {
            Files.deleteIfExists(OUT.resolve(old));
        }
        Path output = OUT.resolve(name + ".txt");
        var builder = new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(output.toFile());
        builder.environment().merge("PATH", MORE_PATH, String::concat);
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("LIMIT_SECONDS", Long.toString(RUN_LIMIT.toSeconds()));
        Process process = builder.start();
        if (!process.waitFor(limit.toSeconds(), TimeUnit.SECONDS)) {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly().waitFor();
        }
        return new Ended(name, process.exitValue());
    }

    private static VirtualMachineReport report() throws IOException {
        return VirtualMachineReport.parse(lines("report.txt"));
    }

    private static List<String> lines(String file) throws IOException {
        Path path = OUT.resolve(file);
        // Cut off in the middle of a character, it is still worth reading.
        return Files.exists(path)
                ? new String(Files.readAllBytes(path), StandardCharsets.UTF_8)
                        .lines()
                        .toList()
                : List.of();
    }

    /** How a script ended. */
    private record Ended(String script, int status) {
        /** The last lines of all that was written. */
        String output() throws IOException {
            var output = new ArrayList<String>();
            for (String file : List.of(script + ".txt", "console.txt", "report.txt")) {
                List<String> lines = lines(file);
                if (!lines.isEmpty()) {
                    output.add(file + " ends with");
                    output.addAll(lines.subList(Math.max(0, lines.size() - LAST_LINES), lines.size()));
                }
            }
            return String.join(System.lineSeparator(), output);
        }
    }
}
