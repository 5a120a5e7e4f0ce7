package io.serverlesscontainers.policy.internal.engine;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.internal.logic.FactCondition.Calculation;
import io.serverlesscontainers.policy.internal.logic.FactCondition.Comparison;
import io.serverlesscontainers.policy.internal.logic.Operator;
import io.serverlesscontainers.store.document.Resource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;
import java.util.function.ToDoubleFunction;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

class SignaturesTest {
    private static final int FACTS = 300;
    private static final List<Operator> COMPARISONS = List.of(
            Operator.LESS,
            Operator.LESS_OR_EQUAL,
            Operator.GREATER,
            Operator.GREATER_OR_EQUAL,
            Operator.EQUAL,
            Operator.NOT_EQUAL);
    private static final List<Operator> CALCULATIONS =
            List.of(Operator.ADD, Operator.SUBTRACT, Operator.MULTIPLY, Operator.MAX, Operator.MIN);

    /** Rules of which only what they ask matters. */
    private record Asked(List<Constraint<EventTally>> asked) implements Rules<EventTally, String> {
        @Override
        public FactKind<EventTally> kind() {
            return FactKind.TALLIES;
        }

        @Override
        public int count() {
            return 1;
        }

        @Override
        public Optional<List<Constraint<EventTally>>> constraints() {
            return Optional.of(asked);
        }

        @Override
        public List<RuleExplanation> explain(EventTally fact) {
            throw new UnsupportedOperationException();
        }

        @Override
        public void run(List<EventTally> facts, Firings<EventTally, String> firings) {
            throw new UnsupportedOperationException();
        }
    }

    /** Up to 150 constraints take three words. */
    @Property(tries = 200)
    void compiled_or_asked_one_by_one_they_are_the_same(@ForAll long seed) {
        var random = new Random(seed);
        Map<Resource, Asked> rules = rules(random);
        Signatures<EventTally> signatures = Signatures.of(FactKind.TALLIES, rules);
        List<EventTally> facts = facts(random);

        var slots = new long[FACTS];
        var words = new long[signatures.words()][FACTS];
        signatures.compute(facts, 0, FACTS, slots, words);
        signatures.compile();
        var compiledSlots = new long[FACTS];
        var compiledWords = new long[signatures.words()][FACTS];
        signatures.compute(facts, 0, FACTS, compiledSlots, compiledWords);

        assertThat(compiledSlots).isEqualTo(slots);
        for (int row = 0; row < FACTS; row++) {
            for (int word = 0; slots[row] != Signatures.NO_VALUE && word < words.length; word++) {
                assertThat(compiledWords[word][row]).isEqualTo(words[word][row]);
            }
        }
        assertThat(Arrays.stream(slots)).allMatch(slot -> slot >= 0 && slot < signatures.slots());
    }

    @Property(tries = 100)
    void they_tell_apart_what_differs(@ForAll long seed) {
        var random = new Random(seed);
        Map<Resource, Asked> rules = rules(random);
        Signatures<EventTally> signatures = Signatures.of(FactKind.TALLIES, rules);
        List<EventTally> facts = facts(random);
        var slots = new long[FACTS];
        var words = new long[signatures.words()][FACTS];
        signatures.compute(facts, 0, FACTS, slots, words);

        for (int row = 1; row < FACTS; row++) {
            EventTally fact = facts.get(row);
            Asked asked = rules.get(fact.resource());
            if (asked == null) {
                assertThat(slots[row]).isEqualTo(Signatures.NO_RULES);
            } else if (asked.asked().stream().anyMatch(constraint -> fails(constraint, fact))) {
                assertThat(slots[row]).isEqualTo(Signatures.NO_VALUE);
            } else if (slots[row - 1] != Signatures.NO_VALUE) {
                EventTally before = facts.get(row - 1);
                boolean isSame = fact.resource() == before.resource()
                        && asked.asked().stream().allMatch(each -> each.holds(fact) == each.holds(before));
                assertThat(isSame(slots, words, row, row - 1)).isEqualTo(isSame);
            }
        }
    }

    private static boolean isSame(long[] slots, long[][] words, int row, int other) {
        boolean isSame = slots[row] == slots[other];
        for (long[] word : words) {
            isSame &= word[row] == word[other];
        }
        return isSame;
    }

    private static boolean fails(Constraint<EventTally> constraint, EventTally fact) {
        try {
            constraint.holds(fact);
            return false;
        } catch (ArithmeticException noValue) {
            return true;
        }
    }

    private static Map<Resource, Asked> rules(Random random) {
        var rules = new EnumMap<Resource, Asked>(Resource.class);
        for (Resource resource : Resource.values()) {
            if (random.nextInt(4) > 0) {
                int count = random.nextBoolean() ? random.nextInt(12) : random.nextInt(150);
                var asked = new ArrayList<Constraint<EventTally>>();
                for (int i = 0; i < count; i++) {
                    asked.add(constraint(random));
                }
                rules.put(resource, new Asked(asked));
            }
        }
        return rules;
    }

    private static Constraint<EventTally> constraint(Random random) {
        if (random.nextInt(8) == 0) {
            int divisor = random.nextInt(60) == 0 ? 0 : 1;
            int least = random.nextInt(8);
            return new FactTest<>(tally -> tally.down() + (tally.up() == 7 ? 1 / divisor : 1) > least);
        }
        Operator operator = COMPARISONS.get(random.nextInt(COMPARISONS.size()));
        return Constraints.of(new Comparison<>(operator, number(random, 0), number(random, 0)));
    }

    private static ToDoubleFunction<EventTally> number(Random random, int depth) {
        return switch (random.nextInt(depth > 2 ? 3 : 4)) {
            case 0 -> TallyVariable.UP;
            case 1 -> TallyVariable.DOWN;
            case 2 -> {
                double constant = random.nextInt(16) - 4;
                yield tally -> constant;
            }
            default -> {
                ToDoubleFunction<EventTally> left = number(random, depth + 1);
                ToDoubleFunction<EventTally> right = number(random, depth + 1);
                Operator operator = CALCULATIONS.get(random.nextInt(CALCULATIONS.size()));
                yield new Calculation<>(operator, left, right, tally -> {
                    double a = left.applyAsDouble(tally);
                    double b = right.applyAsDouble(tally);
                    return switch (operator) {
                        case ADD -> a + b;
                        case SUBTRACT -> a - b;
                        case MULTIPLY -> a * b;
                        case MAX -> Math.max(a, b);
                        default -> Math.min(a, b);
                    };
                });
            }
        };
    }

    private static List<EventTally> facts(Random random) {
        var facts = new ArrayList<EventTally>();
        for (int i = 0; i < FACTS; i++) {
            Resource resource = Resource.values()[random.nextInt(Resource.values().length)];
            var state = new ResourceState("c" + i, resource, 1, 4, 1, 3, 2, 1, 1, 1);
            facts.add(new EventTally(state, random.nextInt(8), random.nextInt(8)));
        }
        return facts;
    }
}
