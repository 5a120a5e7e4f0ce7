package io.serverlesscontainers.cgroups.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContainerNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "cont0",
                "group/cont0",
                "a b",
                "web-1.example",
                "..a",
                "a..",
                "...",
                "größe",
                "日本",
                "machine-qemu\\x2d1",
                "😀"
            })
    void usual_and_unusual_names_are_allowed(String name) {
        assertThat(ContainerName.complaint(name)).isEmpty();
        assertThat(ContainerName.shown(name)).isEqualTo(name);
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "/",
                "/cont0",
                ".",
                "..",
                "../x",
                "a/../b",
                "a/..",
                "a//b",
                "a/",
                "a/./b",
                "a\0b",
                "a\nb",
                "a\u001b[2J",
                "a\u0085",
                "\ud800",
                "a\u2028b",
                "\u007f"
            })
    void names_that_lead_elsewhere_or_are_no_text_are_refused(String name) {
        assertThat(ContainerName.complaint(name)).isPresent();
    }

    @ParameterizedTest
    @ValueSource(ints = {255, 256})
    void a_part_may_have_255_bytes(int length) {
        assertThat(ContainerName.complaint("a/" + "x".repeat(length)).isEmpty()).isEqualTo(length == 255);
        assertThat(ContainerName.complaint("ä".repeat(128))).isPresent();
        assertThat(ContainerName.complaint("x/".repeat(length) + "x").isEmpty()).isTrue();
        assertThat(ContainerName.complaint("x/".repeat(8 * length) + "x")).isPresent();
    }

    @Property(tries = 20_000)
    void an_allowed_name_stays_beneath_the_root(@ForAll("names") String name) {
        if (ContainerName.complaint(name).isEmpty()) {
            String path = "/root/" + name;
            assertThat(path).doesNotContain("\0", "\n");
            String plain = path.replaceAll("[^\\x20-\\x7e]", "x");
            assertThat(Path.of(plain).normalize()).isEqualTo(Path.of(plain));
            assertThat(Path.of(plain).normalize().startsWith("/root/")).isTrue();
        }
        assertThat(ContainerName.shown(name).chars().noneMatch(Character::isISOControl))
                .isTrue();
        assertThat(ContainerName.shown(name).length()).isLessThan(200);
    }

    @Provide
    Arbitrary<String> names() {
        Arbitrary<String> anything = Arbitraries.strings().all().ofMaxLength(300);
        Arbitrary<String> nearlyRight = Arbitraries.of(
                        "cont0",
                        "/",
                        "..",
                        ".",
                        "a",
                        "\0",
                        "\n",
                        " ",
                        "\\",
                        "%2e%2e",
                        "~",
                        "é",
                        "\ud800",
                        "\r",
                        "$(x)",
                        "x".repeat(255))
                .list()
                .ofMaxSize(8)
                .map(parts -> String.join("", parts));
        return Arbitraries.oneOf(anything, nearlyRight);
    }
}
