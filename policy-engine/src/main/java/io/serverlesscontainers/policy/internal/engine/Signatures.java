package io.serverlesscontainers.policy.internal.engine;

import io.serverlesscontainers.store.document.Resource;
import java.lang.invoke.MethodHandle;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/**
 * What tells facts apart to whom the rules may answer differently: their resource, and which constraints hold for them.
 *
 * <p>Each fact has a <em>slot</em>. Where the rules of its resource ask little, there is a slot for every combination of
 * what they ask, and the slot says it all. Where they ask more, one slot serves the whole resource, and the combination is
 * a bit for each constraint, in as many words as that takes.
 *
 * <p>The first facts are asked one constraint after the other. After so many that it pays, all constraints are compiled
 * into one loop; later versions of the rules go on with it as long as they ask the same. For one thread at a time.
 *
 * @param <F> the facts
 */
public final class Signatures<F> {
    /** The slot of facts of resources without rules. */
    static final int NO_RULES = 0;
    /** The slot of facts for which a constraint cannot be evaluated. */
    static final int NO_VALUE = 1;

    private static final int FIRST_FREE = 2;
    private static final int FEW_CONSTRAINTS = 10;
    // The JVM compiles no larger pieces well.
    private static final int CONSTRAINTS_IN_A_LOOP = 16;
    private static final int FACTS_BEFORE_IT_PAYS = 20_000;

    private final FactKind<F> kind;
    private final Map<Resource, List<Constraint<F>>> constraints;
    private final List<List<Constraint<F>>> byResource = new ArrayList<>();
    private final int[] firstSlots = new int[Resource.values().length];
    private final int slots;
    private final int words;
    private int facts;
    private Loop slotLoop;
    private Loop[][] wordLoops = {};

    /** A loop over facts that computes some bits of each. */
    interface Loop {
        /**
         * Adds the bits of some facts to a word of each.
         *
         * @param from the place of the first fact
         * @param words receive the bits, by row; the fact at {@code from} is row 0
         * @param slots receive {@link #NO_VALUE} for facts of which the bits cannot be computed
         */
        void run(List<?> facts, int from, int rows, long[] words, long[] slots) throws Throwable;
    }

    private Signatures(FactKind<F> kind, Map<Resource, List<Constraint<F>>> constraints) {
        this.kind = kind;
        this.constraints = constraints;
        int free = FIRST_FREE;
        int most = 0;
        for (Resource resource : Resource.values()) {
            List<Constraint<F>> asked = constraints.get(resource);
            byResource.add(asked);
            if (asked != null) {
                firstSlots[resource.ordinal()] = free;
                free += isDirect(resource) ? 1 << asked.size() : 1;
                most = Math.max(most, isDirect(resource) ? 0 : asked.size());
            }
        }
        slots = free;
        words = words(most);
    }

    /** Signatures of what some rules are known to ask. */
    public static <F> Signatures<F> of(FactKind<F> kind, Map<Resource, ? extends Rules<F, ?>> rules) {
        return new Signatures<>(kind, constraints(rules));
    }

    /** Signatures of what other rules ask: the same ones if it is the same. */
    public Signatures<F> replacedBy(Map<Resource, ? extends Rules<F, ?>> rules) {
        Map<Resource, List<Constraint<F>>> asked = constraints(rules);
        return constraints.equals(asked) ? this : new Signatures<>(kind, asked);
    }

    private static <F> Map<Resource, List<Constraint<F>>> constraints(Map<Resource, ? extends Rules<F, ?>> rules) {
        var constraints = new EnumMap<Resource, List<Constraint<F>>>(Resource.class);
        rules.forEach((resource, each) -> each.constraints().ifPresent(asked -> constraints.put(resource, asked)));
        return constraints;
    }

    /** How many words that many constraints take. */
    static int words(int constraints) {
        return (constraints + Long.SIZE - 1) / Long.SIZE;
    }

    /** How many slots there are. */
    int slots() {
        return slots;
    }

    /** How many words a combination takes that a slot does not say. */
    int words() {
        return words;
    }

    /** Whether the slots of a resource with rules say all. */
    boolean isDirect(Resource resource) {
        return constraints.get(resource).size() <= FEW_CONSTRAINTS;
    }

    /**
     * Computes the signatures of some facts.
     *
     * @param from the place of the first one
     * @param slotOf receives their slots, by row; the fact at {@code from} is row 0
     * @param wordsOf receives their words, by word and row
     */
    void compute(List<F> window, int from, int rows, long[] slotOf, long[][] wordsOf) {
        Arrays.fill(slotOf, 0, rows, 0);
        for (long[] word : wordsOf) {
            Arrays.fill(word, 0, rows, 0);
        }
        if (slotLoop == null && facts >= FACTS_BEFORE_IT_PAYS) {
            compile();
        }
        if (slotLoop == null) {
            facts += rows;
            ask(window, from, rows, slotOf, wordsOf);
        } else {
            run(window, from, rows, slotOf, wordsOf);
        }
    }

    private void ask(List<F> window, int from, int rows, long[] slotOf, long[][] wordsOf) {
        for (int row = 0; row < rows; row++) {
            try {
                slotOf[row] = ask(window.get(from + row), row, wordsOf);
            } catch (RuntimeException noValue) {
                // Whoever asks the rules about this fact is told why.
                slotOf[row] = NO_VALUE;
            }
        }
    }

    private int ask(F fact, int row, long[][] wordsOf) {
        Resource resource = kind.resource().apply(fact);
        List<Constraint<F>> asked = byResource.get(resource.ordinal());
        if (asked == null) {
            return NO_RULES;
        }
        int slot = firstSlots[resource.ordinal()];
        boolean isDirect = isDirect(resource);
        for (int i = 0; i < asked.size(); i++) {
            if (asked.get(i).holds(fact)) {
                if (isDirect) {
                    slot += 1 << i;
                } else {
                    wordsOf[i / Long.SIZE][row] |= 1L << i % Long.SIZE;
                }
            }
        }
        return slot;
    }

    private void run(List<F> window, int from, int rows, long[] slotOf, long[][] wordsOf) {
        try {
            slotLoop.run(window, from, rows, slotOf, slotOf);
            for (int word = 0; word < words; word++) {
                for (Loop loop : wordLoops[word]) {
                    loop.run(window, from, rows, wordsOf[word], slotOf);
                }
            }
        } catch (RuntimeException | Error failure) {
            throw failure;
        } catch (Throwable checked) {
            throw new IllegalStateException("constraints throw no checked exceptions", checked);
        }
    }

    /** Compiles the loops now, however many facts there were. */
    void compile() {
        wordLoops = new Loop[words][];
        for (int word = 0; word < words; word++) {
            var loops = new ArrayList<Loop>();
            for (int from = 0; from < Long.SIZE; from += CONSTRAINTS_IN_A_LOOP) {
                int first = word * Long.SIZE + from;
                int shift = from;
                loops.add(loop(resource -> wordBits(resource, first, shift)));
            }
            wordLoops[word] = loops.toArray(Loop[]::new);
        }
        slotLoop = loop(this::slotBits);
    }

    private Loop loop(Function<Resource, MethodHandle> bits) {
        return SignatureLoop.of(
                Handles.choice(kind, Arrays.stream(Resource.values()).map(bits).toList()));
    }

    private MethodHandle slotBits(Resource resource) {
        if (!constraints.containsKey(resource)) {
            return Handles.constant(NO_RULES);
        }
        int first = firstSlots[resource.ordinal()];
        return isDirect(resource)
                ? Handles.plus(Handles.bits(constraints.get(resource)), first)
                : Handles.constant(first);
    }

    private MethodHandle wordBits(Resource resource, int first, int shift) {
        if (!constraints.containsKey(resource) || isDirect(resource)) {
            return Handles.constant(0);
        }
        List<Constraint<F>> asked = constraints.get(resource);
        int from = Math.min(first, asked.size());
        int to = Math.min(first + CONSTRAINTS_IN_A_LOOP, asked.size());
        return Handles.shifted(Handles.bits(asked.subList(from, to)), shift);
    }
}
