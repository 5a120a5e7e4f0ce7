package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.tck.RealThings;
import io.serverlesscontainers.store.document.Resource;
import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a process is told that may read limits but not write them; run in one that has root's name but not its power. */
@Tag("cgroup-v1")
class PermissionsRealTest {
    private RealCgroups cgroups;
    private String container;

    @BeforeEach
    void makeACgroup() {
        cgroups = RealCgroups.requireV1();
        RealThings.require(new File("/usr/bin/setpriv").canExecute(), "setpriv is needed");
        container = cgroups.create();
    }

    @AfterEach
    void removeIt() {
        if (cgroups != null) {
            cgroups.close();
        }
    }

    @Test
    void reading_needs_no_permission_to_write_and_what_is_missing_is_said_exactly() throws Exception {
        Path quota = cgroups.directory("cpu", container).resolve("cpu.cfs_quota_us");
        Files.setPosixFilePermissions(quota, PosixFilePermissions.fromString("r--r--r--"));
        assertThat(runWithoutPower())
                .contains("limit OptionalLong.empty")
                .contains("cannot open " + quota + " for writing: EACCES (13, permission denied); write permission on "
                        + quota + " is missing");
    }

    @Test
    void a_directory_that_cannot_be_entered_is_named() throws Exception {
        Path directory = cgroups.directory("cpu", container);
        Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rw-------"));
        assertThat(runWithoutPower())
                .contains("cannot open " + directory + "/cpu.cfs_burst_us: EACCES (13, permission denied); "
                        + "search permission on directory " + directory + " is missing");
    }

    private String runWithoutPower() throws Exception {
        String power = "-dac_override,-dac_read_search";
        var process = new ProcessBuilder(List.of(
                        "/usr/bin/setpriv",
                        "--bounding-set",
                        power,
                        "--inh-caps",
                        power,
                        System.getProperty("java.home") + "/bin/java",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ReadAndWrite.class.getName(),
                        container))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertThat(process.waitFor(60, TimeUnit.SECONDS)).isTrue();
        return output;
    }

    /** The process without power. */
    static final class ReadAndWrite {
        private ReadAndWrite() {}

        public static void main(String[] arguments) {
            try (var driver = Cgroups.detect()) {
                System.out.println("limit " + driver.limits(arguments[0]).limit(Resource.CPU));
                driver.apply(arguments[0], LimitChange.to(Resource.CPU, 50));
            } catch (CgroupException refusal) {
                System.out.println(refusal.getMessage());
            }
        }
    }
}
