package io.serverlesscontainers.policy.internal.logic;

import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/**
 * Writes expressions as people read them: {@code cpu.structure.cpu.usage > 0.9 * cpu.limits.cpu.upper}. Operators keep the
 * symbols that they have in a document, and bind as they do in most languages; there are parentheses only where another
 * expression would read the same without. What has no usual place between operands is written as a function.
 */
final class Infix {
    private static final Pattern NAME = Pattern.compile("[A-Za-z_][A-Za-z_0-9]*+(?:\\.[A-Za-z_0-9]++)*+");
    private static final Set<String> WORDS = Set.of("true", "false", "null", "and", "or", "in", "if", "then", "else");

    /** How tightly the parts of an expression stick together, loosest first. */
    private enum Bond {
        CHOICE,
        OR,
        AND,
        COMPARISON,
        SUM,
        PRODUCT,
        SIGN,
        WHOLE
    }

    private Infix() {}

    static String of(Logic logic) {
        if (logic instanceof Logic.Literal literal && literal.value() instanceof Double number) {
            return NumberText.of(number);
        }
        if (logic instanceof Logic.Variable variable) {
            return variable(variable);
        }
        if (logic instanceof Logic.Sequence sequence) {
            return "[" + list(sequence.elements()) + "]";
        }
        return logic instanceof Logic.Operation operation ? operation(operation) : logic.toString();
    }

    private static String variable(Logic.Variable variable) {
        boolean isPlain = variable.otherwise().isEmpty()
                && variable.name()
                        .filter(name -> NAME.matcher(name).matches() && !WORDS.contains(name))
                        .isPresent();
        return isPlain
                ? variable.name().orElseThrow()
                : "var(" + of(variable.path())
                        + variable.otherwise().map(it -> ", " + of(it)).orElse("") + ")";
    }

    private static String operation(Logic.Operation operation) {
        String symbol = operation.operator().symbol();
        List<Logic> operands = operation.operands();
        return switch (bond(operation)) {
            case CHOICE -> choice(operands);
            case SIGN -> symbol + (operands.isEmpty() ? "()" : within(Bond.WHOLE, operands.get(0)));
            case WHOLE -> symbol + "(" + list(operands) + ")";
            case OR, AND, COMPARISON, SUM, PRODUCT -> {
                var text = new StringBuilder(first(operation));
                for (Logic operand : operands.subList(1, operands.size())) {
                    text.append(' ').append(symbol).append(' ').append(within(next(bond(operation)), operand));
                }
                yield text.toString();
            }
        };
    }

    /** What stands leftmost needs no parentheses where the left is taken first anyway: in {@code a - b - c}. */
    private static String first(Logic.Operation operation) {
        Logic leftmost = operation.operands().get(0);
        Bond bond = bond(operation);
        boolean isLeftFirst = bond == Bond.SUM || bond == Bond.PRODUCT;
        // But a sum of a sum of two and a third is not the sum of three.
        boolean isSameList = leftmost instanceof Logic.Operation inner
                && inner.operator() == operation.operator()
                && inner.operator().takes(inner.operands().size() + 1);
        return within(isLeftFirst && !isSameList ? bond : next(bond), leftmost);
    }

    private static String choice(List<Logic> operands) {
        var text = new StringBuilder();
        int last = operands.size() - 1;
        for (int i = 0; i < last; i += 2) {
            text.append(i == 0 ? "if " : " else if ").append(within(Bond.OR, operands.get(i)));
            text.append(" then ").append(within(Bond.OR, operands.get(i + 1)));
        }
        return last % 2 == 0
                ? text.append(" else ")
                        .append(within(Bond.OR, operands.get(last)))
                        .toString()
                : text.toString();
    }

    private static String within(Bond least, Logic logic) {
        return bond(logic).compareTo(least) < 0 ? "(" + of(logic) + ")" : of(logic);
    }

    private static String list(List<Logic> operands) {
        return operands.stream().map(Infix::of).collect(Collectors.joining(", "));
    }

    private static Bond next(Bond bond) {
        return Bond.values()[bond.ordinal() + 1];
    }

    private static Bond bond(Logic logic) {
        if (logic instanceof Logic.Operation operation) {
            return bond(operation);
        }
        // The sign of a number, so that -(5) is the opposite of 5 and not the number -5.
        return logic instanceof Logic.Literal literal && literal.value() instanceof Double ? Bond.SIGN : Bond.WHOLE;
    }

    private static Bond bond(Logic.Operation operation) {
        int operands = operation.operands().size();
        return switch (operation.operator()) {
            case NOT, IS_TRUE -> Bond.SIGN;
            case ADD, SUBTRACT -> operands > 1 ? Bond.SUM : Bond.SIGN;
            case IF -> operands > 1 ? Bond.CHOICE : Bond.WHOLE;
            case OR -> operands > 1 ? Bond.OR : Bond.WHOLE;
            case AND -> operands > 1 ? Bond.AND : Bond.WHOLE;
            case MULTIPLY, DIVIDE, REMAINDER -> operands > 1 ? Bond.PRODUCT : Bond.WHOLE;
            case EQUAL, NOT_EQUAL, SAME, NOT_SAME, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, IN ->
                Bond.COMPARISON;
            default -> Bond.WHOLE;
        };
    }
}
