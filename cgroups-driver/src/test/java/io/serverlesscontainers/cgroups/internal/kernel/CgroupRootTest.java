package io.serverlesscontainers.cgroups.internal.kernel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Nothing outside is reached through a root, with openat2 or without. */
class CgroupRootTest {
    @TempDir
    Path above;

    private CgroupRoot root;

    @BeforeEach
    void makeATree() throws Exception {
        Path top = above.resolve("top");
        Files.createDirectories(top.resolve("a/b"));
        Files.createDirectories(above.resolve("secret"));
        Files.writeString(above.resolve("secret/file"), "secret\n");
        Files.writeString(top.resolve("a/b/file"), "42\n");
        Files.createSymbolicLink(top.resolve("out"), above.resolve("secret"));
        Files.createSymbolicLink(top.resolve("a/up"), Path.of("../../secret"));
        Files.createSymbolicLink(top.resolve("a/here"), Path.of("b"));
        root = new CgroupRoot.Opener(true).open(top.toString());
    }

    @AfterEach
    void closeIt() {
        root.close();
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void what_lies_beneath_is_reached(boolean oneDirectoryAtATime) {
        choose(oneDirectoryAtATime);
        assertThat(root.hasDirectory("a/b")).isTrue();
        assertThat(root.hasDirectory("a/b/file")).isFalse();
        assertThat(root.hasDirectory("a/c")).isFalse();
        assertThat(read("a/b")).isEqualTo("42\n");
    }

    @ParameterizedTest
    @CsvSource({
        "false, ../secret", "false, a/../../secret", "false, out", "false, a/up", "false, a/here", "false, /etc",
        "true, ../secret", "true, a/../../secret", "true, out", "true, a/up", "true, a/here", "true, /etc"
    })
    void what_lies_elsewhere_is_not(boolean oneDirectoryAtATime, String path) {
        choose(oneDirectoryAtATime);
        assertThat(root.hasDirectory(path)).isFalse();
        assertThatThrownBy(() -> read(path)).isInstanceOf(KernelRefusal.class).hasMessageContaining("cannot open");
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void values_are_written_with_one_call_and_read_back(boolean oneDirectoryAtATime) {
        choose(oneDirectoryAtATime);
        try (CgroupDirectory directory = root.directory("a/b")) {
            CgroupFile file = directory.file("file");
            file.write("max 100000");
            assertThat(StandardCharsets.US_ASCII.decode(file.read()).toString()).isEqualTo("max 100000\n");
            assertThat(file.openings()).isEqualTo(1);
        }
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void directories_are_listed_and_neither_files_nor_links(boolean oneDirectoryAtATime) throws Exception {
        choose(oneDirectoryAtATime);
        // By a shell: whether Java can depends on the locale.
        var mkdir = new ProcessBuilder("sh", "-c", "mkdir -p \"$0/top/$(printf '\\303\\244')/..c\"", above.toString());
        assertThat(mkdir.start().waitFor()).isZero();
        assertThat(root.children(".", 9)).containsExactlyInAnyOrder("a", "ä");
        assertThat(root.children("ä", 9)).containsExactly("..c");
        assertThat(root.children("a/b", 9)).isEmpty();
        assertThat(root.children(".", 1)).hasSize(1);
        for (String elsewhere : new String[] {"../secret", "out", "a/up", "a/b/file", "gone"}) {
            assertThatThrownBy(() -> root.children(elsewhere, 9)).isInstanceOf(KernelRefusal.class);
        }
    }

    @Test
    void listing_leaves_no_descriptor_open() throws Exception {
        long before = openDescriptors();
        for (int i = 0; i < 200; i++) {
            root.children("a", 1);
        }
        assertThat(openDescriptors()).isLessThan(before + 100);
    }

    private static long openDescriptors() throws Exception {
        try (Stream<Path> descriptors = Files.list(Path.of("/proc/self/fd"))) {
            return descriptors.count();
        }
    }

    @Test
    void a_value_that_does_not_fit_into_one_call_is_refused() {
        try (CgroupDirectory directory = root.directory("a/b")) {
            CgroupFile file = directory.file("file");
            assertThatThrownBy(() -> file.write("1,".repeat(10_000)))
                    .isInstanceOf(CgroupException.class)
                    .hasMessageContaining("a value of 20000 characters is too long for " + above + "/top/a/b/file");
            assertThat(read("a/b")).isEqualTo("42\n");
        }
    }

    @Test
    void only_a_cgroup_file_system_is_taken_outside_tests() {
        assertThatThrownBy(() -> new CgroupRoot.Opener(false).open(above.toString()))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("a cgroup file system is needed");
        assertThatThrownBy(() -> new CgroupRoot.Opener(false).open(above + "/none"))
                .isInstanceOf(KernelRefusal.class)
                .hasMessage("cannot open " + above + "/none: ENOENT (2, no such file or directory)");
    }

    @Test
    void a_number_that_has_no_name_here_is_told_as_it_is() {
        assertThat(Errno.sentence(125)).isEqualTo("errno 125 (see errno(3))");
        assertThat(Errno.sentence(16)).startsWith("EBUSY (16, ");
    }

    private void choose(boolean oneDirectoryAtATime) {
        if (oneDirectoryAtATime) {
            root.goOneDirectoryAtATime();
        }
    }

    private String read(String path) {
        try (CgroupDirectory directory = root.directory(path)) {
            return StandardCharsets.US_ASCII
                    .decode(directory.file("file").read())
                    .toString();
        }
    }
}
