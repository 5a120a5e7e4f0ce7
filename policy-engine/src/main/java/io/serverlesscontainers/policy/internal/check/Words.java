package io.serverlesscontainers.policy.internal.check;

import io.serverlesscontainers.policy.internal.logic.Logic;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/** Expressions in a sentence: comparisons as one writes them on paper, all else as JSON, cut short. */
final class Words {
    private static final int LONGEST = 80;
    private static final double LARGEST_PLAIN = 1e15;

    private Words() {}

    static String of(Logic logic) {
        return onPaper(logic).orElseGet(() -> cut(logic.toString()));
    }

    private static Optional<String> onPaper(Logic logic) {
        if (!(logic instanceof Logic.Operation comparison)) {
            return operand(logic);
        }
        boolean isComparison = switch (comparison.operator()) {
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, SAME, NOT_EQUAL, NOT_SAME -> true;
            default -> false;
        };
        List<Optional<String>> operands =
                comparison.operands().stream().map(Words::operand).toList();
        return isComparison && operands.stream().allMatch(Optional::isPresent)
                ? Optional.of(operands.stream()
                        .map(Optional::get)
                        .collect(Collectors.joining(" " + comparison.operator().symbol() + " ")))
                : Optional.empty();
    }

    private static Optional<String> operand(Logic logic) {
        if (logic instanceof Logic.Variable variable) {
            return variable.name();
        }
        return logic instanceof Logic.Literal literal && literal.value() instanceof Double number
                ? Optional.of(number(number))
                : Optional.empty();
    }

    private static String number(double number) {
        return number == Math.rint(number) && Math.abs(number) < LARGEST_PLAIN
                ? Long.toString((long) number)
                : Double.toString(number);
    }

    private static String cut(String text) {
        return text.length() <= LONGEST ? text : text.substring(0, LONGEST - 1) + "…";
    }
}
