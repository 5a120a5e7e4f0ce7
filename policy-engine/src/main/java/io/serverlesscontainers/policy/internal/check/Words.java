package io.serverlesscontainers.policy.internal.check;

import io.serverlesscontainers.policy.internal.logic.Logic;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;

/** Expressions in a sentence: comparisons and what joins them as one writes them on paper, all else as JSON. */
final class Words {
    private static final int LONGEST = 150;
    private static final double LARGEST_PLAIN = 1e15;

    private Words() {}

    static String of(Logic logic) {
        String text = onPaper(logic).orElseGet(logic::toString);
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }

    /** Empty where some part is neither comparison nor joins any. */
    private static Optional<String> onPaper(Logic logic) {
        if (!(logic instanceof Logic.Operation operation)) {
            return operand(logic);
        }
        List<Logic> operands = operation.operands();
        return switch (operation.operator()) {
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, SAME, NOT_EQUAL, NOT_SAME ->
                joined(operands, Words::operand, operation.operator().symbol());
            case AND, OR ->
                joined(operands, Words::onPaper, operation.operator().symbol()).map(it -> "(" + it + ")");
            case NOT -> joined(operands, Words::onPaper, "").map(it -> "not (" + it + ")");
            default -> Optional.empty();
        };
    }

    private static Optional<String> joined(List<Logic> parts, Function<Logic, Optional<String>> words, String symbol) {
        List<Optional<String>> each = parts.stream().map(words).toList();
        return each.stream().allMatch(Optional::isPresent)
                ? Optional.of(each.stream().map(Optional::get).collect(Collectors.joining(" " + symbol + " ")))
                : Optional.empty();
    }

    private static Optional<String> operand(Logic logic) {
        if (logic instanceof Logic.Variable variable) {
            return variable.name();
        }
        if (!(logic instanceof Logic.Literal literal)) {
            return Optional.empty();
        }
        return literal.value() instanceof Double number ? Optional.of(number(number)) : Optional.of(literal.toString());
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < LARGEST_PLAIN
                ? Long.toString((long) number)
                : Double.toString(number);
    }
}
