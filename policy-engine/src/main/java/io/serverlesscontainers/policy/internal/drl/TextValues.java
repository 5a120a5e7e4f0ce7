package io.serverlesscontainers.policy.internal.drl;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Finds the numbers that the text of a condition reads: properties of the fact as in {@code usage} and {@code state.usage},
 * and what global variables answer as in {@code parameters.toScaleUp(resource).needed}. Only what reads so simply is found;
 * the rest of a text stands for itself.
 */
final class TextValues {
    private static final String STEP = "[A-Za-z_]\\w*+(?:\\((\\w*+)\\))?+";
    // A text in quotation marks is no path, and is passed over as a whole.
    private static final Pattern PATH =
            Pattern.compile("\"(?:[^\"\\\\]|\\\\.)*+\"|'(?:[^'\\\\]|\\\\.)*+'|(?<![\\w.])(?<path>" + STEP + "(?:\\."
                    + STEP + ")*+)(?![\\w(])");
    private static final Pattern ONE_STEP = Pattern.compile("(\\w++)(?:\\((\\w*+)\\))?+");

    private final Object fact;
    private final Map<String, Object> globals;

    TextValues(Object fact, Map<String, Object> globals) {
        this.fact = fact;
        this.globals = globals;
    }

    /** The numbers by their paths, in the order of the text. */
    Map<String, Double> of(String text) {
        Map<String, Double> values = new LinkedHashMap<>();
        Matcher paths = PATH.matcher(text);
        while (paths.find()) {
            String path = paths.group("path");
            if (path != null) {
                value(path).ifPresent(number -> values.put(path, number.doubleValue()));
            }
        }
        return values;
    }

    private Optional<Number> value(String path) {
        Object found = null;
        Matcher steps = ONE_STEP.matcher(path);
        while (steps.find()) {
            String name = steps.group(1);
            boolean isGlobal = steps.start() == 0 && globals.containsKey(name);
            Object owner = steps.start() == 0 ? fact : found;
            found = isGlobal ? globals.get(name) : answer(owner, name, steps.group(2));
            if (found == null) {
                return Optional.empty();
            }
        }
        return found instanceof Number number ? Optional.of(number) : Optional.empty();
    }

    /** What an object answers to a question without an operand, or with a property of the fact; null if that fails. */
    private Object answer(Object owner, String name, String operand) {
        try {
            if (operand == null || operand.isEmpty()) {
                return owner.getClass().getMethod(name).invoke(owner);
            }
            Object given = answer(fact, operand, null);
            return given == null
                    ? null
                    : owner.getClass().getMethod(name, given.getClass()).invoke(owner, given);
        } catch (ReflectiveOperationException noSuchNumber) {
            return null;
        }
    }
}
