package io.serverlesscontainers.policy.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;

class AnswersTest {
    @Property(tries = 500)
    void answers_are_kept_by_signature(
            @ForAll @IntRange(min = 1, max = 200) int constraints,
            @ForAll @IntRange(max = 600) int count,
            @ForAll long seed) {
        var random = new Random(seed);
        int words = Signatures.words(constraints);
        var answers = new Answers(constraints);
        Map<List<Long>, Object[]> expected = new HashMap<>();
        var signatures = new long[words][1];
        for (int i = 0; i < count; i++) {
            draw(signatures, constraints, random);
            List<Long> signature =
                    Arrays.stream(signatures).map(word -> word[0]).toList();
            assertThat(answers.get(signatures, 0)).isSameAs(expected.get(signature));
            if (!expected.containsKey(signature)) {
                expected.put(signature, new Object[] {i});
                answers.put(signatures, 0, expected.get(signature));
            }
            assertThat(answers.get(signatures, 0)).isSameAs(expected.get(signature));
            assertThat(answers.size()).isEqualTo(expected.size());
        }
        expected.forEach((signature, answer) -> {
            for (int word = 0; word < words; word++) {
                signatures[word][0] = signature.get(word);
            }
            assertThat(answers.get(signatures, 0)).isSameAs(answer);
        });
    }

    /** Mostly one bit here or there, as neighbouring facts have. */
    private static void draw(long[][] signatures, int constraints, Random random) {
        for (long[] word : signatures) {
            word[0] = 0;
        }
        int bits = random.nextInt(Math.min(constraints, 4) + 1);
        for (int i = 0; i < bits; i++) {
            int bit = random.nextInt(constraints);
            signatures[bit / Long.SIZE][0] |= 1L << bit % Long.SIZE;
        }
    }
}
