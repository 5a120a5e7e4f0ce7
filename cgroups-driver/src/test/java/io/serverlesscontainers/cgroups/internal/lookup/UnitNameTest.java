package io.serverlesscontainers.cgroups.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UnitNameTest {

    @ParameterizedTest
    @ValueSource(
            strings = {
                "nginx.service",
                "a-b.slice",
                "-.slice",
                "web@1.service",
                "web@a-b@c.service",
                "dev-disk\\x2d1.mount",
                "run-r0:1.scope"
            })
    void names_of_units_are_told(String unit) {
        assertThat(UnitName.isUnit(unit)).isTrue();
    }

    @ParameterizedTest
    @ValueSource(strings = {"nginx", ".service", "a/b.service", "a b.service", "@x.service", "a.timer", "ä.service"})
    void other_names_are_told_from_them(String text) {
        assertThat(UnitName.isUnit(text)).isFalse();
    }

    // As systemd-escape(1) prints them.
    @ParameterizedTest
    @CsvSource({
        "web, web",
        "web-1, web\\x2d1",
        "a/b, a-b",
        "Hallo Welt, Hallo\\x20Welt",
        ".hidden, \\x2ehidden",
        "a.b_c:d, a.b_c:d",
        "é, \\xc3\\xa9",
        "a\\b, a\\x5cb"
    })
    void names_are_escaped_as_systemd_does(String text, String escaped) {
        assertThat(UnitName.escape(text)).isEqualTo(escaped);
        assertThat(UnitName.unescape(escaped)).isEqualTo(text);
    }

    @ParameterizedTest
    @ValueSource(strings = {"\\", "\\x", "\\x2", "\\xg0", "\\x2g", "a\\y20"})
    void what_is_no_escape_stays(String text) {
        assertThat(UnitName.unescape(text)).isEqualTo(text);
    }

    @Property
    void unescaping_takes_back_escaping(@ForAll("texts") String text) {
        assertThat(UnitName.unescape(UnitName.escape(text))).isEqualTo(text);
    }

    @Property
    void what_is_escaped_is_the_name_of_a_unit(@ForAll("texts") String text) {
        String unit = UnitName.escape(text) + ".service";
        assertThat(UnitName.isUnit(unit)).isEqualTo(!text.isEmpty() && unit.length() <= 255);
    }

    @Provide
    Arbitrary<String> texts() {
        return Arbitraries.oneOf(
                        Arbitraries.strings().withChars("ab1-/\\x._:@ ").ofMaxLength(20),
                        Arbitraries.strings().ofMaxLength(20))
                .filter(text -> text.chars().noneMatch(letter -> Character.isSurrogate((char) letter)));
    }

    @Property
    void a_slice_lies_in_the_slices_that_its_name_begins_with(@ForAll("parts") List<String> parts) {
        String path = UnitName.pathOfSlice(String.join("-", parts) + ".slice").orElseThrow();
        String[] slices = path.split("/");
        assertThat(slices).hasSameSizeAs(parts);
        for (int i = 0; i < slices.length; i++) {
            assertThat(UnitName.unit(slices[i])).isEqualTo(String.join("-", parts.subList(0, i + 1)) + ".slice");
        }
    }

    @Provide
    Arbitrary<List<String>> parts() {
        return Arbitraries.of("a", "b", "user", "1000", "x\\x2dy", "memory", "tasks", "_c", "web.1")
                .list()
                .ofMinSize(1)
                .ofMaxSize(6);
    }

    @ParameterizedTest
    @ValueSource(strings = {"-.slice", "--.slice", "a-.slice", "-a.slice", "a--b.slice"})
    void the_root_slice_and_names_with_nothing_between_dashes_have_no_place(String slice) {
        assertThat(UnitName.pathOfSlice(slice)).isEmpty();
    }

    @ParameterizedTest
    @CsvSource({
        "web@1.service, system.slice/system-web.slice",
        "web-front@1.service, system.slice/system-web\\x2dfront.slice",
        "web.service,",
    })
    void instances_of_a_template_share_a_slice(String unit, String slice) {
        assertThat(UnitName.sliceOfInstance(unit).orElse(null)).isEqualTo(slice);
    }

    @ParameterizedTest
    @CsvSource({
        "nginx.service, nginx.service",
        "memory.service, _memory.service",
        "memoryx.service, memoryx.service",
        "cgroup.slice, _cgroup.slice",
        "_a.scope, __a.scope",
        ".a.scope, _.a.scope"
    })
    void a_cgroup_is_never_called_like_a_file_of_the_kernels(String unit, String directory) {
        assertThat(UnitName.directory(unit)).isEqualTo(directory);
        assertThat(UnitName.unit(directory)).isEqualTo(unit);
    }
}
