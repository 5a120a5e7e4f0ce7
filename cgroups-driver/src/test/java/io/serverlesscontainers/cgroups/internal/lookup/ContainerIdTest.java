package io.serverlesscontainers.cgroups.internal.lookup;

import static org.assertj.core.api.Assertions.assertThat;

import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import net.jqwik.api.constraints.IntRange;

class ContainerIdTest {

    @Property
    void the_first_12_digits_or_more_mean_an_id(@ForAll("ids") String id, @ForAll @IntRange(max = 64) int digits) {
        assertThat(ContainerId.isMeant(id.substring(0, digits), id)).isEqualTo(digits >= 12);
        assertThat(ContainerId.isWhole(id.substring(0, digits))).isEqualTo(digits == 64);
    }

    @Property
    void other_digits_mean_another_id(
            @ForAll("ids") String id,
            @ForAll @IntRange(min = 12, max = 64) int digits,
            @ForAll @IntRange(max = 63) int changed) {
        int at = changed % digits;
        char other = id.charAt(at) == '0' ? '1' : '0';
        String asked = id.substring(0, at) + other + id.substring(at + 1, digits);
        assertThat(ContainerId.isMeant(asked, id)).isFalse();
    }

    @Property
    void what_has_anything_but_digits_means_none(@ForAll("ids") String id, @ForAll("others") String other) {
        assertThat(ContainerId.isMeant(id.substring(0, 20) + other, id)).isFalse();
        assertThat(ContainerId.isWhole(id.substring(1) + other)).isFalse();
    }

    @Provide
    Arbitrary<String> ids() {
        return Arbitraries.strings().withChars("0123456789abcdef").ofLength(64);
    }

    @Provide
    Arbitrary<String> others() {
        return Arbitraries.of("A", "g", "-", "/", "\n", " ", ".", "*", "\0");
    }
}
