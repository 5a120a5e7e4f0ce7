package io.serverlesscontainers.policy.internal.engine;

import static java.lang.invoke.MethodType.methodType;

import io.serverlesscontainers.policy.internal.logic.FactCondition.Calculation;
import io.serverlesscontainers.policy.internal.logic.Operator;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.List;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;

/**
 * Puts what is asked of a fact together from method handles. Where a handle is a constant to the JVM, it compiles all that
 * the handle is made of as if it had been written down in one piece; the same made of objects that call each other is
 * called piece by piece. All take the fact as an {@code Object}.
 */
final class Handles {
    private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();
    private static final MethodType TEST = methodType(boolean.class, Object.class);
    private static final MethodType BITS = methodType(long.class, Object.class);

    private Handles() {}

    /** A function that answers yes or no. */
    static MethodHandle of(Predicate<?> predicate) {
        return virtual(Predicate.class, "test", TEST).bindTo(predicate);
    }

    /** A comparison of two numbers: less, less or equal, equal or not equal. */
    static MethodHandle of(Operator comparison, ToDoubleFunction<?> left, ToDoubleFunction<?> right) {
        String name = switch (comparison) {
            case LESS -> "less";
            case LESS_OR_EQUAL -> "lessOrEqual";
            case EQUAL -> "equal";
            case NOT_EQUAL -> "notEqual";
            default -> throw new IllegalArgumentException("'" + comparison.symbol() + "' is turned round first");
        };
        return both(own(name, methodType(boolean.class, double.class, double.class)), of(left), of(right));
    }

    private static MethodHandle of(ToDoubleFunction<?> number) {
        return number instanceof Calculation<?> calculation
                ? of(calculation)
                : virtual(ToDoubleFunction.class, "applyAsDouble", methodType(double.class, Object.class))
                        .bindTo(number);
    }

    private static MethodHandle of(Calculation<?> calculation) {
        MethodType type = methodType(double.class, double.class, double.class);
        MethodHandle operation = switch (calculation.operator()) {
            case ADD -> own("add", type);
            case SUBTRACT -> own("subtract", type);
            case MULTIPLY -> own("multiply", type);
            case MAX -> handle(Math.class, "max", type);
            case MIN -> handle(Math.class, "min", type);
            default ->
                throw new IllegalArgumentException(
                        "'" + calculation.operator().symbol() + "' does not make a number of two");
        };
        return both(operation, of(calculation.left()), of(calculation.right()));
    }

    /** Constraints as bits, {@code (Object) -> long}: the first one that holds sets the lowest of them. */
    static MethodHandle bits(List<? extends Constraint<?>> constraints) {
        return bits(constraints, 0, constraints.size());
    }

    private static MethodHandle bits(List<? extends Constraint<?>> constraints, int from, int to) {
        if (to == from) {
            return constant(0);
        }
        if (to == from + 1) {
            MethodHandle bit = own("bit", methodType(long.class, boolean.class, long.class));
            return MethodHandles.filterReturnValue(
                    constraints.get(from).handle(), MethodHandles.insertArguments(bit, 1, 1L << from));
        }
        // Halves of halves, since the JVM compiles nested calls to a certain depth only.
        int middle = (from + to) / 2;
        return both(
                own("or", methodType(long.class, long.class, long.class)),
                bits(constraints, from, middle),
                bits(constraints, middle, to));
    }

    /** Some bits moved up. */
    static MethodHandle shifted(MethodHandle bits, int by) {
        return filtered(bits, "shift", methodType(long.class, long.class, int.class), by);
    }

    /** A number added to some bits. */
    static MethodHandle plus(MethodHandle bits, long number) {
        return filtered(bits, "plus", methodType(long.class, long.class, long.class), number);
    }

    private static MethodHandle filtered(MethodHandle bits, String name, MethodType type, Object argument) {
        return MethodHandles.filterReturnValue(bits, MethodHandles.insertArguments(own(name, type), 1, argument));
    }

    /** The same number for every fact. */
    static MethodHandle constant(long number) {
        return MethodHandles.dropArguments(MethodHandles.constant(long.class, number), 0, Object.class);
    }

    /**
     * One of several handles, by the resource of the fact.
     *
     * @param byResource by the ordinal of the resource
     */
    static <F> MethodHandle choice(FactKind<F> kind, List<MethodHandle> byResource) {
        MethodHandle ordinal = MethodHandles.insertArguments(
                own("ordinal", methodType(int.class, FactKind.class, Object.class)), 0, kind);
        MethodHandle[] cases = byResource.stream()
                .map(each -> MethodHandles.dropArguments(each, 0, int.class))
                .toArray(MethodHandle[]::new);
        MethodHandle none = MethodHandles.dropArguments(constant(0), 0, int.class);
        return MethodHandles.foldArguments(MethodHandles.tableSwitch(none, cases), ordinal);
    }

    private static MethodHandle both(MethodHandle of, MethodHandle left, MethodHandle right) {
        MethodHandle ofTwo = MethodHandles.filterArguments(of, 0, left, right);
        MethodType type = methodType(of.type().returnType(), Object.class);
        return MethodHandles.permuteArguments(ofTwo, type, 0, 0);
    }

    private static MethodHandle virtual(Class<?> in, String name, MethodType type) {
        try {
            return LOOKUP.findVirtual(in, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(in + " has no " + name, e);
        }
    }

    private static MethodHandle own(String name, MethodType type) {
        return handle(Handles.class, name, type);
    }

    private static MethodHandle handle(Class<?> in, String name, MethodType type) {
        try {
            return LOOKUP.findStatic(in, name, type);
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException(in + " has no " + name, e);
        }
    }

    // What follows is what handles are made of.

    private static boolean less(double left, double right) {
        return left < right;
    }

    private static boolean lessOrEqual(double left, double right) {
        return left <= right;
    }

    private static boolean equal(double left, double right) {
        return left == right;
    }

    private static boolean notEqual(double left, double right) {
        return left != right;
    }

    private static double add(double left, double right) {
        return left + right;
    }

    private static double subtract(double left, double right) {
        return left - right;
    }

    private static double multiply(double left, double right) {
        return left * right;
    }

    private static long bit(boolean holds, long bit) {
        return holds ? bit : 0;
    }

    private static long or(long left, long right) {
        return left | right;
    }

    private static long shift(long bits, int by) {
        return bits << by;
    }

    private static long plus(long bits, long number) {
        return bits + number;
    }

    @SuppressWarnings("unchecked") // A loop over facts of a kind meets no others.
    private static <F> int ordinal(FactKind<F> kind, Object fact) {
        return kind.resource().apply((F) fact).ordinal();
    }
}
