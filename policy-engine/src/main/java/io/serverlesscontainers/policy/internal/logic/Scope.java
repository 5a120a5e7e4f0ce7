package io.serverlesscontainers.policy.internal.logic;

import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The data that variables are looked up in, and how much work the evaluation may still do. Inside the body of
 * {@code map} and its kin the data is the element alone, as the language has it.
 *
 * <p>The work is bounded because a short expression can ask for a lot of it: a {@code reduce} that doubles a text at
 * every element.
 */
public final class Scope {
    /** How many steps an evaluation may take; a step is an element, a character or an operator. */
    public static final int MOST_STEPS = 250_000;

    /** What {@link #at} gives where nothing is; null is something. */
    static final Object ABSENT = new Object();

    private final Object data;
    private final long[] stepsLeft;

    private Scope(Object data, long[] stepsLeft) {
        this.data = data;
        this.stepsLeft = stepsLeft;
    }

    /** The beginning of an evaluation over some data. */
    static Scope over(Object data) {
        return new Scope(data, new long[] {MOST_STEPS});
    }

    /** The scope of the body for one element. */
    Scope ofElement(Object element) {
        return new Scope(element, stepsLeft);
    }

    /** The scope of the body of {@code reduce} for one element. */
    Scope ofReduction(Object current, Object accumulator) {
        Map<String, Object> both = new HashMap<>();
        both.put("current", current);
        both.put("accumulator", accumulator);
        return new Scope(both, stepsLeft);
    }

    /** Takes some steps. */
    void spend(long steps) {
        stepsLeft[0] -= steps;
        if (stepsLeft[0] < 0) {
            throw new EvaluationException("takes more than " + MOST_STEPS + " steps");
        }
    }

    /** What is at the dotted path that a value's text is; all the data at null and at the empty text. */
    Object at(Object where) {
        if (where == null || where.equals("")) {
            return data;
        }
        String path = Coercion.text(where, this);
        Object found = data;
        int start = 0;
        while (start <= path.length()) {
            int dot = path.indexOf('.', start);
            int end = dot < 0 ? path.length() : dot;
            spend(end - start + 1);
            found = property(found, path.substring(start, end));
            if (found == ABSENT) {
                return ABSENT;
            }
            start = end + 1;
        }
        return found;
    }

    private static Object property(Object owner, String key) {
        if (owner instanceof Map<?, ?> fields) {
            return fields.containsKey(key) ? fields.get(key) : ABSENT;
        }
        if (owner instanceof List<?> elements) {
            if (key.equals("length")) {
                return (double) elements.size();
            }
            int index = index(key);
            return index >= 0 && index < elements.size() ? elements.get(index) : ABSENT;
        }
        if (owner instanceof String text) {
            if (key.equals("length")) {
                return (double) text.length();
            }
            int index = index(key);
            return index >= 0 && index < text.length() ? text.substring(index, index + 1) : ABSENT;
        }
        return ABSENT;
    }

    /** The index that a key stands for; -1 for one that stands for none. "01" is no index. */
    private static int index(String key) {
        boolean plain = !key.isEmpty() && key.length() < 10 && (key.length() == 1 || key.charAt(0) != '0');
        return plain && key.chars().allMatch(it -> it >= '0' && it <= '9') ? Integer.parseInt(key) : -1;
    }
}
