package io.serverlesscontainers.policy.internal.logic;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Makes expressions into conditions on a fact whose variables are numbers. What computes with numbers and truth values
 * alone, as nearly every rule does, becomes a function of primitive numbers; the rest is interpreted. Both give the same
 * answer.
 *
 * @param <F> the fact
 */
final class Binding<F> {
    private final Map<String, ToDoubleFunction<F>> variables;
    private final Parameters parameters;

    Binding(Map<String, ToDoubleFunction<F>> variables, Parameters parameters) {
        this.variables = variables;
        this.parameters = parameters;
    }

    FactCondition<F> condition(Logic logic) {
        return isNumeric(logic)
                ? new FactCondition<>(truth(logic), comparison(logic))
                : new FactCondition<>(interpreted(logic), Optional.empty());
    }

    boolean isNumeric(Logic logic) {
        return kindOf(logic).canBeTested();
    }

    /** An expression that {@link #isNumeric} as a comparison, if it is one. */
    private Optional<FactCondition.Comparison<F>> comparison(Logic logic) {
        if (!(logic instanceof Logic.Operation operation)
                || operation.operands().size() != 2
                || operation.mayFail()) {
            return Optional.empty();
        }
        Operator operator = operation.operator();
        return switch (operator) {
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL, EQUAL, NOT_EQUAL, SAME, NOT_SAME ->
                Optional.of(new FactCondition.Comparison<>(
                        operator,
                        number(operation.operands().get(0)),
                        number(operation.operands().get(1))));
            default -> Optional.empty();
        };
    }

    /** The condition by a walk over the tree, whatever is in it. */
    Predicate<F> interpreted(Logic logic) {
        requireVariables(logic);
        var paths = new TreeMap<String, String[]>();
        variables.keySet().forEach(name -> paths.put(name, name.split("\\.")));
        return fact -> {
            Map<String, Object> data = new HashMap<>();
            paths.forEach((name, path) -> put(data, path, variables.get(name).applyAsDouble(fact)));
            return Coercion.isTrue(logic.valueFor(data));
        };
    }

    @SuppressWarnings("unchecked") // Only these maps are put in.
    private static void put(Map<String, Object> data, String[] path, double value) {
        Map<String, Object> owner = data;
        for (int i = 0; i < path.length - 1; i++) {
            owner = (Map<String, Object>) owner.computeIfAbsent(path[i], key -> new HashMap<String, Object>());
        }
        owner.put(path[path.length - 1], value);
    }

    private void requireVariables(Logic logic) {
        logic.variablesOfFact().stream()
                .filter(name -> !variables.containsKey(name))
                .findFirst()
                .ifPresent(name -> {
                    throw new IllegalArgumentException("there is no variable '" + name + "'");
                });
    }

    /** What is known of a value before there is a fact. */
    enum Kind {
        /** A number. */
        NUMBER,
        /** True or false. */
        TRUTH,
        /** The one or the other. */
        NUMBER_OR_TRUTH,
        /** A literal text, which stands for a number where one is needed. */
        TEXT,
        /** Anything. */
        OTHER;

        boolean isNumberOrTruth() {
            return this == NUMBER || this == TRUTH;
        }

        /** Whether {@code ==} and {@code <} convert such operands to numbers. */
        static boolean compareAsNumbers(Kind left, Kind right) {
            return left.isNumberOrTruth() && right.becomesNumber() || right.isNumberOrTruth() && left.becomesNumber();
        }

        boolean becomesNumber() {
            return isNumberOrTruth() || this == TEXT;
        }

        /** Sums and products take no truth value for a number. */
        boolean hasLeadingNumber() {
            return this == NUMBER || this == TEXT;
        }

        boolean canBeTested() {
            return isNumberOrTruth() || this == NUMBER_OR_TRUTH;
        }

        /** What is known of a value that is one of these. */
        static Kind oneOf(List<Kind> kinds) {
            if (kinds.isEmpty() || !kinds.stream().allMatch(Kind::canBeTested)) {
                return OTHER;
            }
            return kinds.stream().distinct().count() == 1 ? kinds.get(0) : NUMBER_OR_TRUTH;
        }
    }

    Kind kindOf(Logic logic) {
        if (logic instanceof Logic.Literal literal) {
            Object value = literal.value();
            if (value instanceof Double) {
                return Kind.NUMBER;
            }
            return value instanceof Boolean ? Kind.TRUTH : value instanceof String ? Kind.TEXT : Kind.OTHER;
        }
        if (logic instanceof Logic.Parameter) {
            return Kind.NUMBER;
        }
        if (logic instanceof Logic.Variable variable) {
            return variable.name().filter(variables::containsKey).isPresent() ? Kind.NUMBER : Kind.OTHER;
        }
        return logic instanceof Logic.Operation operation ? kindOf(operation) : Kind.OTHER;
    }

    private Kind kindOf(Logic.Operation operation) {
        List<Kind> kinds = operation.operands().stream().map(this::kindOf).toList();
        return switch (operation.operator()) {
            case AND, OR, LOG -> Kind.oneOf(kinds);
            case IF -> kindOfChoice(kinds);
            case NOT, IS_TRUE -> kinds.size() == 1 && kinds.get(0).canBeTested() ? Kind.TRUTH : Kind.OTHER;
            case SAME, NOT_SAME ->
                kinds.get(0).isNumberOrTruth() && kinds.get(0) == kinds.get(1) ? Kind.TRUTH : Kind.OTHER;
            case EQUAL, NOT_EQUAL, LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> kindOfComparison(kinds);
            case SUBTRACT, DIVIDE, REMAINDER, MAX, MIN ->
                kinds.stream().allMatch(Kind::becomesNumber) ? Kind.NUMBER : Kind.OTHER;
            case ADD -> kinds.stream().allMatch(Kind::hasLeadingNumber) ? Kind.NUMBER : Kind.OTHER;
            case MULTIPLY ->
                kinds.stream().allMatch(Kind::hasLeadingNumber) && (kinds.size() > 1 || kinds.get(0) == Kind.NUMBER)
                        ? Kind.NUMBER
                        : Kind.OTHER;
            default -> Kind.OTHER;
        };
    }

    private static Kind kindOfComparison(List<Kind> kinds) {
        for (int i = 1; i < kinds.size(); i++) {
            if (!Kind.compareAsNumbers(kinds.get(i - 1), kinds.get(i))) {
                return Kind.OTHER;
            }
        }
        return Kind.TRUTH;
    }

    /** Of a choice that has a value for every case: without the last one it may be null. */
    private static Kind kindOfChoice(List<Kind> kinds) {
        Kind kind = Kind.oneOf(kinds);
        if (kind == Kind.OTHER || kinds.size() % 2 == 0) {
            return Kind.OTHER;
        }
        var values = new ArrayList<Kind>();
        for (int i = 1; i < kinds.size(); i += 2) {
            values.add(kinds.get(i));
        }
        values.add(kinds.get(kinds.size() - 1));
        return Kind.oneOf(values);
    }

    /** Whether an expression is true, of one that {@link Kind#canBeTested}. */
    private Predicate<F> truth(Logic logic) {
        if (kindOf(logic) == Kind.NUMBER) {
            ToDoubleFunction<F> number = number(logic);
            return fact -> Coercion.isTrue(number.applyAsDouble(fact));
        }
        if (logic instanceof Logic.Literal literal) {
            boolean value = Coercion.isTrue(literal.value());
            return fact -> value;
        }
        Logic.Operation operation = (Logic.Operation) logic;
        List<Logic> operands = operation.operands();
        return switch (operation.operator()) {
            case AND -> conjunction(operands.stream().map(this::truth).toList());
            case OR -> disjunction(operands.stream().map(this::truth).toList());
            case LOG, IS_TRUE -> truth(operands.get(0));
            case NOT -> truth(operands.get(0)).negate();
            case IF -> truthOfChoice(operands, 0);
            default ->
                comparison(
                        operation.operator(),
                        operands.stream().map(this::number).toList());
        };
    }

    private static <F> Predicate<F> conjunction(List<Predicate<F>> all) {
        if (all.size() == 2) {
            Predicate<F> first = all.get(0);
            Predicate<F> second = all.get(1);
            return fact -> first.test(fact) && second.test(fact);
        }
        List<Predicate<F>> inOrder = List.copyOf(all);
        return fact -> {
            for (int i = 0; i < inOrder.size(); i++) {
                if (!inOrder.get(i).test(fact)) {
                    return false;
                }
            }
            return true;
        };
    }

    private static <F> Predicate<F> disjunction(List<Predicate<F>> all) {
        return conjunction(all.stream().map(Predicate::negate).toList()).negate();
    }

    private Predicate<F> truthOfChoice(List<Logic> operands, int from) {
        Predicate<F> first = truth(operands.get(from));
        if (from == operands.size() - 1) {
            return first;
        }
        Predicate<F> value = truth(operands.get(from + 1));
        Predicate<F> otherwise = truthOfChoice(operands, from + 2);
        return fact -> first.test(fact) ? value.test(fact) : otherwise.test(fact);
    }

    private static <F> Predicate<F> comparison(Operator operator, List<ToDoubleFunction<F>> operands) {
        ToDoubleFunction<F> left = operands.get(0);
        ToDoubleFunction<F> right = operands.get(1);
        if (operands.size() == 3) {
            return between(operator, left, right, operands.get(2));
        }
        return switch (operator) {
            case EQUAL, SAME -> fact -> left.applyAsDouble(fact) == right.applyAsDouble(fact);
            case NOT_EQUAL, NOT_SAME -> fact -> left.applyAsDouble(fact) != right.applyAsDouble(fact);
            case LESS -> fact -> left.applyAsDouble(fact) < right.applyAsDouble(fact);
            case LESS_OR_EQUAL -> fact -> left.applyAsDouble(fact) <= right.applyAsDouble(fact);
            case GREATER -> fact -> left.applyAsDouble(fact) > right.applyAsDouble(fact);
            case GREATER_OR_EQUAL -> fact -> left.applyAsDouble(fact) >= right.applyAsDouble(fact);
            default -> throw new IllegalStateException("'" + operator.symbol() + "' is no comparison");
        };
    }

    /** All three are evaluated in any case, because the interpreter does so and one of them may fail. */
    private static <F> Predicate<F> between(
            Operator operator, ToDoubleFunction<F> left, ToDoubleFunction<F> middle, ToDoubleFunction<F> right) {
        if (operator == Operator.LESS) {
            return fact -> {
                double least = left.applyAsDouble(fact);
                double value = middle.applyAsDouble(fact);
                double most = right.applyAsDouble(fact);
                return least < value && value < most;
            };
        }
        return fact -> {
            double least = left.applyAsDouble(fact);
            double value = middle.applyAsDouble(fact);
            double most = right.applyAsDouble(fact);
            return least <= value && value <= most;
        };
    }

    /** The number that an expression becomes, of one that {@link Kind#becomesNumber}. */
    private ToDoubleFunction<F> number(Logic logic) {
        if (kindOf(logic) == Kind.TRUTH) {
            Predicate<F> truth = truth(logic);
            return fact -> truth.test(fact) ? 1 : 0;
        }
        if (logic instanceof Logic.Literal literal) {
            double value = literal.value() instanceof String text ? NumberText.whole(text) : (Double) literal.value();
            return fact -> value;
        }
        if (logic instanceof Logic.Parameter parameter) {
            return parameters.at(parameter.slot());
        }
        if (logic instanceof Logic.Variable variable) {
            return variable.name().map(variables::get).orElseThrow();
        }
        Logic.Operation operation = (Logic.Operation) logic;
        List<Logic> operands = operation.operands();
        return switch (operation.operator()) {
            case AND -> firstWhere(false, operands);
            case OR -> firstWhere(true, operands);
            case LOG -> number(operands.get(0));
            case IF -> numberOfChoice(operands, 0);
            case ADD ->
                folded(
                        Operator.ADD,
                        0,
                        Double::sum,
                        operands.stream().map(this::leadingNumber).toList());
            case MULTIPLY ->
                folded(
                        Operator.MULTIPLY,
                        1,
                        (a, b) -> a * b,
                        operands.stream().map(this::leadingNumber).toList());
            case MAX ->
                folded(
                        Operator.MAX,
                        Double.NEGATIVE_INFINITY,
                        Math::max,
                        operands.stream().map(this::number).toList());
            case MIN ->
                folded(
                        Operator.MIN,
                        Double.POSITIVE_INFINITY,
                        Math::min,
                        operands.stream().map(this::number).toList());
            default ->
                calculation(
                        operation.operator(),
                        operands.stream().map(this::number).toList());
        };
    }

    private static <F> ToDoubleFunction<F> calculation(Operator operator, List<ToDoubleFunction<F>> operands) {
        ToDoubleFunction<F> left = operands.get(0);
        if (operands.size() == 1) {
            return fact -> -left.applyAsDouble(fact);
        }
        ToDoubleFunction<F> right = operands.get(1);
        return switch (operator) {
            case SUBTRACT ->
                new FactCondition.Calculation<>(
                        operator, left, right, fact -> left.applyAsDouble(fact) - right.applyAsDouble(fact));
            case DIVIDE -> fact -> Operations.quotient(left.applyAsDouble(fact), right.applyAsDouble(fact));
            case REMAINDER -> fact -> Operations.remainder(left.applyAsDouble(fact), right.applyAsDouble(fact));
            default -> throw new IllegalStateException("'" + operator.symbol() + "' is no calculation");
        };
    }

    private static <F> ToDoubleFunction<F> folded(
            Operator operator, double start, DoubleBinaryOperator meaning, List<ToDoubleFunction<F>> operands) {
        if (operands.size() == 2) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            return new FactCondition.Calculation<>(
                    operator,
                    left,
                    right,
                    fact -> meaning.applyAsDouble(left.applyAsDouble(fact), right.applyAsDouble(fact)));
        }
        List<ToDoubleFunction<F>> inOrder = List.copyOf(operands);
        return fact -> {
            double value = start;
            for (int i = 0; i < inOrder.size(); i++) {
                value = meaning.applyAsDouble(value, inOrder.get(i).applyAsDouble(fact));
            }
            return value;
        };
    }

    private ToDoubleFunction<F> firstWhere(boolean wanted, List<Logic> operands) {
        List<ToDoubleFunction<F>> inOrder = operands.stream().map(this::number).toList();
        return fact -> {
            double value = 0;
            for (int i = 0; i < inOrder.size(); i++) {
                value = inOrder.get(i).applyAsDouble(fact);
                if (Coercion.isTrue(value) == wanted) {
                    break;
                }
            }
            return value;
        };
    }

    private ToDoubleFunction<F> numberOfChoice(List<Logic> operands, int from) {
        if (from == operands.size() - 1) {
            return number(operands.get(from));
        }
        Predicate<F> condition = truth(operands.get(from));
        ToDoubleFunction<F> value = number(operands.get(from + 1));
        ToDoubleFunction<F> otherwise = numberOfChoice(operands, from + 2);
        return fact -> condition.test(fact) ? value.applyAsDouble(fact) : otherwise.applyAsDouble(fact);
    }

    private ToDoubleFunction<F> leadingNumber(Logic logic) {
        if (kindOf(logic) != Kind.TEXT) {
            return number(logic);
        }
        double value = NumberText.leading((String) ((Logic.Literal) logic).value());
        return fact -> value;
    }
}
