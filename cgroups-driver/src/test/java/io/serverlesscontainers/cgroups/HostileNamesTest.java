package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.store.document.Resource;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.lifecycle.AfterContainer;
import net.jqwik.api.lifecycle.BeforeContainer;

/** Names as an attacker would send them, down to the file system. */
class HostileNamesTest {
    private static FixtureTree tree;
    private static KernelCgroupDriver driver;

    @BeforeContainer
    static void plantASecret() {
        tree = FixtureTree.of(FixtureTree.Kind.V2).container("group/cont0");
        // What a way out would lead to: it looks just like a container.
        for (String file : new String[] {"cpu.max", "memory.max", "cpuset.cpus", "cpuset.cpus.effective"}) {
            tree.write("sys/fs/secret/" + file, "7\n");
            tree.write("secret/" + file, "7\n");
        }
        driver = tree.driver();
    }

    @AfterContainer
    static void removeIt() {
        driver.close();
        tree.close();
    }

    @Property(tries = 10_000)
    void no_name_leads_anywhere_else(@ForAll("names") String name) {
        assertThatThrownBy(() -> driver.apply(name, LimitChange.to(Resource.MEMORY, 1)))
                .isInstanceOf(MissingContainerException.class)
                .satisfies(missing -> assertThat(missing.getMessage().chars().noneMatch(Character::isISOControl))
                        .isTrue());
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> anything = Arbitraries.strings().all().ofMinLength(1).ofMaxLength(40);
        Arbitrary<String> nearlyRight = Arbitraries.of(
                        "secret",
                        "/",
                        "/",
                        "..",
                        "..",
                        ".",
                        "group",
                        "sys",
                        "\0",
                        "\n",
                        " ",
                        "%2e%2e",
                        "%2f",
                        "~",
                        "cpu.max",
                        "\ud800",
                        "\u2025",
                        "x".repeat(256),
                        "x".repeat(10_000),
                        "\ud83d\ude00".repeat(70))
                .list()
                .ofMinSize(1)
                .ofMaxSize(9)
                .map(parts -> String.join("", parts))
                // The one name that is a cgroup here, though not a container's.
                .filter(name -> !name.equals("group"));
        return Arbitraries.oneOf(anything, nearlyRight);
    }
}
