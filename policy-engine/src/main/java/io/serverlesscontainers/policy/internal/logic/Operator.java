package io.serverlesscontainers.policy.internal.logic;

import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operators of JSON logic beside {@code var}: symbol, number of operands, meaning. */
public enum Operator {
    /** Condition, value, condition, value, … and what holds otherwise; null if that is left out. */
    IF("if", 0, Operator.MANY, false, Operations::firstThatHolds),
    /** The first operand that is not true, else the last. */
    AND("and", 1, Operator.MANY, false, (operands, scope) -> Operations.firstWhere(false, operands, scope)),
    /** The first operand that is true, else the last. */
    OR("or", 1, Operator.MANY, false, (operands, scope) -> Operations.firstWhere(true, operands, scope)),
    /** True if the operand is not; a missing operand is not. */
    NOT("!", 0, 1, false, (operands, scope) -> !Operations.isTrue(operands, scope)),
    /** True if the operand is. */
    IS_TRUE("!!", 0, 1, false, Operations::isTrue),
    /** Equal after a conversion to the same type. */
    EQUAL("==", 2, 2, false, Operations.comparing(Coercion::areEqual)),
    /** The opposite of equal. */
    NOT_EQUAL("!=", 2, 2, false, Operations.comparing((left, right, scope) -> !Coercion.areEqual(left, right, scope))),
    /** Of the same type and equal. */
    SAME("===", 2, 2, false, Operations.comparing(Coercion::areSame)),
    /** The opposite of the same. */
    NOT_SAME("!==", 2, 2, false, Operations.comparing((left, right, scope) -> !Coercion.areSame(left, right, scope))),
    /** Left is less than right; with three operands the middle one lies between the others. */
    LESS("<", 2, 3, false, Operations.comparing(Coercion::isLess)),
    /** Left is at most right; with three operands the middle one lies between the others, or is one of them. */
    LESS_OR_EQUAL("<=", 2, 3, false, Operations.comparing(Coercion::isAtMost)),
    /** Left is greater than right. */
    GREATER(">", 2, 2, false, Operations.comparing((left, right, scope) -> Coercion.isLess(right, left, scope))),
    /** Left is at least right. */
    GREATER_OR_EQUAL(
            ">=", 2, 2, false, Operations.comparing((left, right, scope) -> Coercion.isAtMost(right, left, scope))),
    /** The sum of the numbers that the operands begin with. */
    ADD("+", 0, Operator.MANY, false, Operations::sum),
    /** Left less right; with one operand its opposite. */
    SUBTRACT("-", 1, 2, false, Operations::difference),
    /** The product of the numbers that the operands begin with; a single operand as it is. */
    MULTIPLY("*", 1, Operator.MANY, false, Operations::product),
    /** Left by right. */
    DIVIDE("/", 2, 2, true, Operations::quotient),
    /** What is left over from a division; it has the sign of the left operand. */
    REMAINDER("%", 2, 2, true, Operations::remainder),
    /** The largest of the numbers. */
    MAX("max", 1, Operator.MANY, false, (operands, scope) -> Operations.extreme(Math::max, operands, scope)),
    /** The smallest of the numbers. */
    MIN("min", 1, Operator.MANY, false, (operands, scope) -> Operations.extreme(Math::min, operands, scope)),
    /** The keys under which the data have nothing, null or the empty text. */
    MISSING("missing", 0, Operator.MANY, true, ArrayOperations::missing),
    /** The missing ones of some keys; none if at least so many are there as the first operand says. */
    MISSING_SOME("missing_some", 2, 2, true, ArrayOperations::missingSome),
    /** The body's value for each element. */
    MAP("map", 2, 2, true, ArrayOperations::map),
    /** The elements for which the body is true. */
    FILTER("filter", 2, 2, true, ArrayOperations::filter),
    /** What the body makes of the accumulator and each element in turn. */
    REDUCE("reduce", 2, 3, true, ArrayOperations::reduce),
    /** Whether the body is true for each element, and there is one. */
    ALL("all", 2, 2, true, ArrayOperations::all),
    /** Whether the body is true for no element. */
    NONE("none", 2, 2, true, (operands, scope) -> !ArrayOperations.some(operands, scope)),
    /** Whether the body is true for an element. */
    SOME("some", 2, 2, true, ArrayOperations::some),
    /** One array of the elements of arrays, and of operands that are none. */
    MERGE("merge", 0, Operator.MANY, true, ArrayOperations::merge),
    /** Whether the left one is an element of an array, or a part of a text. */
    IN("in", 2, 2, true, ArrayOperations::in),
    /** The texts of the operands in a row. */
    CAT("cat", 0, Operator.MANY, true, Operations::concatenation),
    /** A part of a text: from where, and how long; negative counts from the end. */
    SUBSTR("substr", 2, 3, true, Operations::part),
    /** The operand as it is. The reference also prints it; here an evaluation has no effect. */
    LOG("log", 1, 1, false, (operands, scope) -> operands.get(0).value(scope));

    /** How operands become a value. */
    interface Meaning {
        Object value(List<Logic> operands, Scope scope);
    }

    private static final int MANY = Integer.MAX_VALUE;
    private static final String OTHER_SYMBOL_OF_IF = "?:";
    private static final Map<String, Operator> BY_SYMBOL =
            Stream.of(values()).collect(Collectors.toUnmodifiableMap(Operator::symbol, Function.identity()));

    /** All symbols, as a list in a sentence. */
    public static final String ALL_SYMBOLS = Stream.concat(
                    Stream.of("var", OTHER_SYMBOL_OF_IF), Stream.of(values()).map(Operator::symbol))
            .collect(Collectors.joining(" "));

    private final String symbol;
    private final int least;
    private final int most;
    private final boolean mayFail;
    private final Meaning meaning;

    Operator(String symbol, int least, int most, boolean mayFail, Meaning meaning) {
        this.symbol = symbol;
        this.least = least;
        this.most = most;
        this.mayFail = mayFail;
        this.meaning = meaning;
    }

    /** The operator of a symbol; empty for a symbol that is none. */
    public static Optional<Operator> ofSymbol(String symbol) {
        return Optional.ofNullable(symbol.equals(OTHER_SYMBOL_OF_IF) ? IF : BY_SYMBOL.get(symbol));
    }

    /** How it is written. */
    public String symbol() {
        return symbol;
    }

    /** Whether it can be applied to so many operands. */
    public boolean takes(int operands) {
        return operands >= least && operands <= most;
    }

    /** How many operands it takes, as the middle of a sentence. */
    public String arity() {
        if (most == MANY) {
            return least + " or more are";
        }
        return least == most ? least + (least == 1 ? " is" : " are") : least + " or " + most + " are";
    }

    /** Whether its second operand is a body, evaluated once for each element of the first. */
    boolean hasBody() {
        return switch (this) {
            case MAP, FILTER, REDUCE, ALL, NONE, SOME -> true;
            default -> false;
        };
    }

    /** Whether its value is a number made of numbers. */
    boolean calculates() {
        return switch (this) {
            case ADD, SUBTRACT, MULTIPLY, DIVIDE, REMAINDER, MAX, MIN -> true;
            default -> false;
        };
    }

    /** Whether it puts operands in order. */
    boolean orders() {
        return switch (this) {
            case LESS, LESS_OR_EQUAL, GREATER, GREATER_OR_EQUAL -> true;
            default -> false;
        };
    }

    /** The number that it takes a text for; not-a-number if that is none. */
    double number(String text) {
        return this == ADD || this == MULTIPLY ? NumberText.leading(text) : NumberText.whole(text);
    }

    /** Whether there are operands for which it has no value. */
    boolean mayFail() {
        return mayFail;
    }

    Object value(List<Logic> operands, Scope scope) {
        return meaning.value(operands, scope);
    }
}
