package io.serverlesscontainers.cgroups.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.cgroups.internal.kernel.CgroupRoot;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CgroupWalkTest {
    @TempDir
    Path directory;

    private final List<String> seen = new ArrayList<>();
    private CgroupRoot root;

    @BeforeEach
    void open() {
        root = new CgroupRoot.Opener(true).open(directory.toString());
    }

    @AfterEach
    void close() {
        root.close();
    }

    @Test
    void all_directories_are_seen_those_near_the_root_first_and_those_of_users_last() throws IOException {
        make("user.slice/a/b", "z", "a/b/c", "a/d");
        Files.createFile(directory.resolve("a/memory.max"));
        Files.createSymbolicLink(directory.resolve("a/link"), directory.resolve("z"));
        assertThat(walk()).isTrue();
        assertThat(seen).hasSize(8).contains("user.slice", "z", "a/d");
        assertThat(seen.subList(0, 3)).containsExactlyInAnyOrder("user.slice", "z", "a");
        assertThat(seen.subList(5, 8)).containsExactly("a/b/c", "user.slice/a", "user.slice/a/b");
    }

    @Test
    void nothing_is_seen_below_what_the_visitor_is_content_with() throws IOException {
        make("a/b/c", "d/e");
        CgroupWalk.go(root, path -> {
            seen.add(path);
            return !path.equals("a");
        });
        assertThat(seen).containsExactlyInAnyOrder("a", "d", "d/e");
    }

    @Test
    void the_walk_ends_at_its_bounds() throws IOException {
        make("x" + "/x".repeat(CgroupWalk.MOST_LEVELS + 3));
        assertThat(walk()).isTrue();
        assertThat(seen).hasSize(CgroupWalk.MOST_LEVELS);
        for (int i = CgroupWalk.MOST_LEVELS; i < CgroupWalk.MOST_CGROUPS; i++) {
            Files.createDirectory(directory.resolve("x/" + i));
        }
        assertThat(walk()).isTrue();
        assertThat(seen).hasSize(CgroupWalk.MOST_CGROUPS);
        make("y");
        assertThat(walk()).isFalse();
        assertThat(seen).hasSize(CgroupWalk.MOST_CGROUPS);
    }

    private boolean walk() {
        seen.clear();
        return CgroupWalk.go(root, path -> {
            seen.add(path);
            return true;
        });
    }

    private void make(String... paths) throws IOException {
        for (String path : paths) {
            Files.createDirectories(directory.resolve(path));
        }
    }
}
