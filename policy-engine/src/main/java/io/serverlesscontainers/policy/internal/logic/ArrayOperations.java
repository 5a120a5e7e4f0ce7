package io.serverlesscontainers.policy.internal.logic;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What the operators on arrays do. What is no array has no elements. */
final class ArrayOperations {
    private static final int COMPARED_IN_A_STEP = 16;

    private ArrayOperations() {}

    static Object map(List<Logic> operands, Scope scope) {
        Logic body = operands.get(1);
        var values = new ArrayList<>();
        for (Object element : elements(operands, scope)) {
            scope.spend(1);
            values.add(body.value(scope.ofElement(element)));
        }
        return Collections.unmodifiableList(values);
    }

    static Object filter(List<Logic> operands, Scope scope) {
        var kept = new ArrayList<>();
        for (Object element : elements(operands, scope)) {
            if (holds(operands.get(1), element, scope)) {
                kept.add(element);
            }
        }
        return Collections.unmodifiableList(kept);
    }

    static Object reduce(List<Logic> operands, Scope scope) {
        List<?> elements = elements(operands, scope);
        Object accumulator = operands.size() == 3 ? operands.get(2).value(scope) : null;
        for (Object element : elements) {
            scope.spend(1);
            accumulator = operands.get(1).value(scope.ofReduction(element, accumulator));
        }
        return accumulator;
    }

    static boolean all(List<Logic> operands, Scope scope) {
        List<?> elements = elements(operands, scope);
        for (Object element : elements) {
            if (!holds(operands.get(1), element, scope)) {
                return false;
            }
        }
        return !elements.isEmpty();
    }

    static boolean some(List<Logic> operands, Scope scope) {
        for (Object element : elements(operands, scope)) {
            if (holds(operands.get(1), element, scope)) {
                return true;
            }
        }
        return false;
    }

    static Object merge(List<Logic> operands, Scope scope) {
        var merged = new ArrayList<>();
        for (Logic operand : operands) {
            Object value = operand.value(scope);
            if (value instanceof List<?> elements) {
                scope.spend(elements.size());
                merged.addAll(elements);
            } else {
                merged.add(value);
            }
        }
        return Collections.unmodifiableList(merged);
    }

    static boolean in(List<Logic> operands, Scope scope) {
        Object wanted = operands.get(0).value(scope);
        Object container = operands.get(1).value(scope);
        if (container instanceof String text && !text.isEmpty()) {
            String part = Coercion.text(wanted, scope);
            // In the worst case each character of one is compared with each of the other.
            scope.spend(text.length() + (long) text.length() * part.length() / COMPARED_IN_A_STEP);
            return text.contains(part);
        }
        if (container instanceof List<?> elements) {
            for (Object element : elements) {
                scope.spend(1);
                if (Coercion.areSame(element, wanted, scope)) {
                    return true;
                }
            }
        }
        return false;
    }

    static Object missing(List<Logic> operands, Scope scope) {
        var keys = new ArrayList<>();
        for (Logic operand : operands) {
            keys.add(operand.value(scope));
        }
        return missingOf(keys, scope);
    }

    static Object missingSome(List<Logic> operands, Scope scope) {
        double needed = Coercion.number(operands.get(0).value(scope), scope);
        Object keys = operands.get(1).value(scope);
        List<Object> missing = missingOf(keys instanceof List<?> several ? several : singleKey(keys), scope);
        return count(keys) - missing.size() >= needed ? Collections.unmodifiableList(new ArrayList<>()) : missing;
    }

    private static List<Object> singleKey(Object key) {
        return Collections.singletonList(key);
    }

    /** The reference takes the length of whatever should be an array; a number, say, has none and never is enough. */
    private static double count(Object keys) {
        if (keys instanceof List<?> several) {
            return several.size();
        }
        return keys instanceof String text ? text.length() : Double.NaN;
    }

    private static List<Object> missingOf(List<?> operands, Scope scope) {
        // An array in the first place is the list of keys, so that merge and if can choose them.
        List<?> keys = !operands.isEmpty() && operands.get(0) instanceof List<?> chosen ? chosen : operands;
        var missing = new ArrayList<>();
        for (Object key : keys) {
            scope.spend(1);
            Object found = found(key, scope);
            if (found == null || found.equals("")) {
                missing.add(key);
            }
        }
        return Collections.unmodifiableList(missing);
    }

    /** What {@code var} would find: a key that is an array is a path and a default. */
    private static Object found(Object key, Scope scope) {
        List<?> operands = key instanceof List<?> several ? several : singleKey(key);
        Object found = scope.at(operands.isEmpty() ? null : operands.get(0));
        Object otherwise = operands.size() > 1 ? operands.get(1) : null;
        return found == Scope.ABSENT ? otherwise : found;
    }

    private static boolean holds(Logic body, Object element, Scope scope) {
        scope.spend(1);
        return Coercion.isTrue(body.value(scope.ofElement(element)));
    }

    private static List<?> elements(List<Logic> operands, Scope scope) {
        return operands.get(0).value(scope) instanceof List<?> elements ? elements : List.of();
    }
}
