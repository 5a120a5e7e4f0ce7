package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.LimitOutcome;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Energy limits, which are files of their own. */
class EnergyLimitsTest {
    private FixtureTree tree;
    private Path directory;
    private KernelCgroupDriver driver;

    @BeforeEach
    void begin() {
        tree = FixtureTree.of(FixtureTree.Kind.V1).container("cont0");
        directory = tree.root().resolve("var/lib/energy");
        driver = tree.settings().energyLimits(directory).build();
    }

    @AfterEach
    void end() {
        driver.close();
        tree.close();
    }

    @Test
    void a_limit_is_one_number_in_one_file_and_nothing_else_is_left() throws IOException {
        driver.apply("cont0", LimitChange.to(Resource.ENERGY, 100));
        assertThat(driver.apply("cont0", LimitChange.to(Resource.ENERGY, 75)))
                .isEqualTo(LimitOutcome.applied(OptionalLong.of(75)));
        assertThat(files()).containsExactly(directory.resolve("cont0.watts"));
        assertThat(directory.resolve("cont0.watts")).hasContent("75");
        driver.apply("cont0", LimitChange.lift(Resource.ENERGY));
        assertThat(files()).isEmpty();
    }

    @Test
    void no_file_means_no_limit() {
        assertThat(driver.limits("cont0").limits()).containsEntry(Resource.ENERGY, OptionalLong.empty());
    }

    @Test
    void a_limit_outlives_the_driver_and_the_container() {
        driver.apply("cont0", LimitChange.to(Resource.ENERGY, 75));
        tree.remove("cont0");
        assertThatThrownBy(() -> driver.apply("cont0", LimitChange.to(Resource.ENERGY, 50)))
                .isInstanceOf(MissingContainerException.class);
        tree.container("cont0");
        try (var next = tree.settings().energyLimits(directory).build()) {
            assertThat(next.limits("cont0").limit(Resource.ENERGY)).hasValue(75);
        }
    }

    @ParameterizedTest
    @CsvSource({"a/b, a%2Fb.watts", "a%2Fb, a%252Fb.watts", "a b, a b.watts", ".hidden, .hidden.watts"})
    void each_name_has_a_file_of_its_own_in_the_directory(String name, String file) throws IOException {
        tree.container(name);
        driver.apply(name, LimitChange.to(Resource.ENERGY, 75));
        assertThat(files()).containsExactly(directory.resolve(file));
        assertThat(driver.limits(name).limit(Resource.ENERGY)).hasValue(75);
    }

    @Test
    void a_name_that_makes_no_file_is_refused() {
        String name = "a".repeat(250);
        tree.container(name);
        assertThatThrownBy(() -> driver.apply(name, LimitChange.to(Resource.ENERGY, 75)))
                .isInstanceOf(CgroupException.class)
                .hasMessageEndingWith("would be in a file with a name of 256 bytes, at most 255 are possible");
    }

    @ParameterizedTest
    @ValueSource(strings = {"", "0\n", "-1", "75 W", "max", "75.5", "\0"})
    void a_file_that_holds_something_else_is_named_and_the_next_limit_heals_it(String content) throws IOException {
        Path file = directory.resolve("cont0.watts");
        Files.writeString(file, content);
        assertThatThrownBy(() -> driver.limits("cont0"))
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith(file + " holds '");
        driver.apply("cont0", LimitChange.to(Resource.ENERGY, 75));
        assertThat(driver.limits("cont0").limit(Resource.ENERGY)).hasValue(75);
    }

    @Test
    void a_link_is_neither_followed_nor_written_through() throws IOException {
        Path elsewhere = tree.root().resolve("elsewhere");
        Files.writeString(elsewhere, "5\n");
        Files.createSymbolicLink(directory.resolve("cont0.watts"), elsewhere);
        assertThatThrownBy(() -> driver.limits("cont0"))
                .isInstanceOf(CgroupException.class)
                .hasMessageContaining("is no ordinary file");
        driver.apply("cont0", LimitChange.to(Resource.ENERGY, 75));
        assertThat(elsewhere).hasContent("5");
        assertThat(driver.limits("cont0").limit(Resource.ENERGY)).hasValue(75);
    }

    @Test
    void it_is_off_unless_asked_for() {
        try (var usual = tree.driver()) {
            assertThat(usual.resources()).doesNotContain(Resource.ENERGY);
            assertThatThrownBy(() -> usual.apply("cont0", LimitChange.to(Resource.ENERGY, 75)))
                    .isInstanceOf(IllegalArgumentException.class);
        }
        assertThat(driver.resources()).contains(Resource.ENERGY);
    }

    @Test
    void a_directory_that_cannot_be_made_is_named() {
        tree.write("file", "");
        Path beneath = tree.root().resolve("file/energy");
        assertThatThrownBy(() -> tree.settings().energyLimits(beneath).build())
                .isInstanceOf(CgroupException.class)
                .hasMessageStartingWith("cannot make the directory of energy limits " + beneath);
    }

    private List<Path> files() throws IOException {
        try (Stream<Path> files = Files.list(directory)) {
            return files.toList();
        }
    }
}
