package io.serverlesscontainers.policy.internal.check;

import io.serverlesscontainers.policy.internal.logic.Logic;
import io.serverlesscontainers.policy.internal.logic.Operator;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/**
 * The ways in which an expression can be true: it is, only if all comparisons of one of them hold. What is no comparison
 * of variables and numbers says nothing here, and neither does an {@code or} of too many ways.
 */
final class Alternatives {
    /** How many ways are followed. */
    static final int MOST = 64;

    /** True, for all that is known. */
    private static final List<List<Comparison>> POSSIBLE = List.of(List.of());

    private static final List<List<Comparison>> IMPOSSIBLE = List.of();

    private Alternatives() {}

    /** The ways in which an expression is true, or is not. */
    static List<List<Comparison>> of(Logic logic, boolean isTrue) {
        if (logic instanceof Logic.Literal literal) {
            return of(literal, isTrue);
        }
        if (logic instanceof Logic.Variable) {
            return of(Operator.NOT_EQUAL, List.of(logic, new Logic.Literal(0.0)), isTrue);
        }
        return logic instanceof Logic.Operation operation
                ? of(operation.operator(), operation.operands(), isTrue)
                : POSSIBLE;
    }

    private static List<List<Comparison>> of(Logic.Literal literal, boolean isTrue) {
        if (literal.value() instanceof Boolean truth) {
            return truth == isTrue ? POSSIBLE : IMPOSSIBLE;
        }
        if (literal.value() instanceof Double number) {
            return number != 0 == isTrue ? POSSIBLE : IMPOSSIBLE;
        }
        return literal.value() == null && isTrue ? IMPOSSIBLE : POSSIBLE;
    }

    private static List<List<Comparison>> of(Operator operator, List<Logic> operands, boolean isTrue) {
        return switch (operator) {
            case AND, OR -> {
                List<List<List<Comparison>>> each =
                        operands.stream().map(it -> of(it, isTrue)).toList();
                yield operator == Operator.AND == isTrue ? all(each) : any(each);
            }
            case NOT, IS_TRUE ->
                operands.isEmpty() ? POSSIBLE : of(operands.get(0), operator == Operator.NOT ? !isTrue : isTrue);
            case LOG -> of(operands.get(0), isTrue);
            case LESS, LESS_OR_EQUAL ->
                operands.size() == 2
                        ? ofPair(operator, operands.get(0), operands.get(1), isTrue)
                        : between(operator, operands, isTrue);
            case GREATER, GREATER_OR_EQUAL, EQUAL, SAME, NOT_EQUAL, NOT_SAME ->
                ofPair(operator, operands.get(0), operands.get(1), isTrue);
            default -> POSSIBLE;
        };
    }

    private static List<List<Comparison>> between(Operator operator, List<Logic> operands, boolean isTrue) {
        var both = List.of(
                ofPair(operator, operands.get(0), operands.get(1), isTrue),
                ofPair(operator, operands.get(1), operands.get(2), isTrue));
        return isTrue ? all(both) : any(both);
    }

    private static List<List<Comparison>> ofPair(Operator operator, Logic left, Logic right, boolean isTrue) {
        Optional<Term> one = term(left);
        Optional<Term> other = term(right);
        return one.isPresent() && other.isPresent() ? compared(operator, one.get(), other.get(), isTrue) : POSSIBLE;
    }

    private static List<List<Comparison>> compared(Operator operator, Term left, Term right, boolean isTrue) {
        return switch (operator) {
            case LESS -> List.of(List.of(isTrue ? Comparison.less(left, right) : Comparison.atMost(right, left)));
            case LESS_OR_EQUAL ->
                List.of(List.of(isTrue ? Comparison.atMost(left, right) : Comparison.less(right, left)));
            case GREATER -> compared(Operator.LESS, right, left, isTrue);
            case GREATER_OR_EQUAL -> compared(Operator.LESS_OR_EQUAL, right, left, isTrue);
            case EQUAL, SAME ->
                isTrue
                        ? List.of(Comparison.equal(left, right))
                        : List.of(List.of(Comparison.less(left, right)), List.of(Comparison.less(right, left)));
            case NOT_EQUAL, NOT_SAME -> compared(Operator.EQUAL, left, right, !isTrue);
            default -> throw new IllegalStateException("'" + operator.symbol() + "' is no comparison");
        };
    }

    private static Optional<Term> term(Logic logic) {
        if (logic instanceof Logic.Literal literal && literal.value() instanceof Double number) {
            return Optional.of(Term.of(number));
        }
        return logic instanceof Logic.Variable variable
                ? variable.name().flatMap(Quantity::ofVariable).map(Term::of)
                : Optional.empty();
    }

    /** The ways in which all of some expressions are true; some of these count for nothing where it were too many. */
    static List<List<Comparison>> all(List<List<List<Comparison>>> each) {
        var certain = new ArrayList<Comparison>();
        for (List<List<Comparison>> ways : each) {
            if (ways.isEmpty()) {
                return IMPOSSIBLE;
            }
            if (ways.size() == 1) {
                certain.addAll(ways.get(0));
            }
        }
        List<List<Comparison>> product = List.of(certain);
        for (List<List<Comparison>> ways : each) {
            if (ways.size() > 1 && product.size() * ways.size() <= MOST) {
                product = product.stream()
                        .flatMap(way -> ways.stream().map(other -> joined(way, other)))
                        .toList();
            }
        }
        return product;
    }

    private static List<Comparison> joined(List<Comparison> one, List<Comparison> other) {
        var both = new ArrayList<>(one);
        both.addAll(other);
        return both;
    }

    private static List<List<Comparison>> any(List<List<List<Comparison>>> each) {
        int size = each.stream().mapToInt(List::size).sum();
        return size > MOST ? POSSIBLE : each.stream().flatMap(List::stream).toList();
    }
}
