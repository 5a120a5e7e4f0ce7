package io.serverlesscontainers.policy.internal.logic;

import java.util.List;
import java.util.Optional;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The operators of JSON logic that conditions may have: symbol, number of operands, meaning. */
public enum Operator {
    /** The first operand that is not true, else the last. */
    AND("and", 1, Operator.MANY) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            return firstWhere(false, operands);
        }
    },
    /** The first operand that is true, else the last. */
    OR("or", 1, Operator.MANY) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            return firstWhere(true, operands);
        }
    },
    /** True if the operand is not. */
    NOT("!", 1, 1) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> only = operands.get(0);
            return fact -> number(!Logic.isTrue(only.applyAsDouble(fact)));
        }
    },
    /** Both numbers are the same. */
    EQUAL("==", 2, 2) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            return fact -> number(left.applyAsDouble(fact) == right.applyAsDouble(fact));
        }
    },
    /** The numbers differ. */
    NOT_EQUAL("!=", 2, 2) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            return fact -> number(left.applyAsDouble(fact) != right.applyAsDouble(fact));
        }
    },
    /** Left is less than right; with three operands the middle one lies between the others. */
    LESS("<", 2, 3) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            if (operands.size() == 2) {
                return fact -> number(left.applyAsDouble(fact) < right.applyAsDouble(fact));
            }
            ToDoubleFunction<F> rightmost = operands.get(2);
            return fact -> {
                double middle = right.applyAsDouble(fact);
                return number(left.applyAsDouble(fact) < middle && middle < rightmost.applyAsDouble(fact));
            };
        }
    },
    /** Left is at most right; with three operands the middle one lies between the others, or is one of them. */
    LESS_OR_EQUAL("<=", 2, 3) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            if (operands.size() == 2) {
                return fact -> number(left.applyAsDouble(fact) <= right.applyAsDouble(fact));
            }
            ToDoubleFunction<F> rightmost = operands.get(2);
            return fact -> {
                double middle = right.applyAsDouble(fact);
                return number(left.applyAsDouble(fact) <= middle && middle <= rightmost.applyAsDouble(fact));
            };
        }
    },
    /** Left is greater than right. */
    GREATER(">", 2, 2) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            return fact -> number(left.applyAsDouble(fact) > right.applyAsDouble(fact));
        }
    },
    /** Left is at least right. */
    GREATER_OR_EQUAL(">=", 2, 2) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            ToDoubleFunction<F> right = operands.get(1);
            return fact -> number(left.applyAsDouble(fact) >= right.applyAsDouble(fact));
        }
    },
    /** The sum. */
    ADD("+", 1, Operator.MANY) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            List<ToDoubleFunction<F>> summands = List.copyOf(operands);
            return fact -> {
                double sum = 0;
                for (ToDoubleFunction<F> summand : summands) {
                    sum += summand.applyAsDouble(fact);
                }
                return sum;
            };
        }
    },
    /** Left less right; with one operand its opposite. */
    SUBTRACT("-", 1, 2) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> left = operands.get(0);
            if (operands.size() == 1) {
                return fact -> -left.applyAsDouble(fact);
            }
            ToDoubleFunction<F> right = operands.get(1);
            return fact -> left.applyAsDouble(fact) - right.applyAsDouble(fact);
        }
    },
    /** The product. */
    MULTIPLY("*", 1, Operator.MANY) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            List<ToDoubleFunction<F>> factors = List.copyOf(operands);
            return fact -> {
                double product = 1;
                for (ToDoubleFunction<F> factor : factors) {
                    product *= factor.applyAsDouble(fact);
                }
                return product;
            };
        }
    },
    /** Left by right; by 0 is a failure, not infinity, which would make the rule hold for a wrong reason. */
    DIVIDE("/", 2, 2) {
        @Override
        <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands) {
            ToDoubleFunction<F> dividend = operands.get(0);
            ToDoubleFunction<F> divisor = operands.get(1);
            return fact -> {
                double by = divisor.applyAsDouble(fact);
                if (by == 0) {
                    throw new ArithmeticException("division by zero");
                }
                return dividend.applyAsDouble(fact) / by;
            };
        }

        @Override
        boolean mayFail() {
            return true;
        }
    };

    /** All symbols, as a list in a sentence. */
    public static final String ALL = Stream.of(values()).map(Operator::symbol).collect(Collectors.joining(" "));

    private static final int MANY = Integer.MAX_VALUE;

    private final String symbol;
    private final int least;
    private final int most;

    Operator(String symbol, int least, int most) {
        this.symbol = symbol;
        this.least = least;
        this.most = most;
    }

    /** The operator of a symbol; empty for a symbol that is none. */
    public static Optional<Operator> ofSymbol(String symbol) {
        return Stream.of(values())
                .filter(operator -> operator.symbol.equals(symbol))
                .findFirst();
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

    /** The operator applied to functions of a fact. */
    abstract <F> ToDoubleFunction<F> function(List<ToDoubleFunction<F>> operands);

    /** Whether there are operands for which the function throws. */
    boolean mayFail() {
        return false;
    }

    private static double number(boolean value) {
        return value ? 1 : 0;
    }

    private static <F> ToDoubleFunction<F> firstWhere(boolean wanted, List<ToDoubleFunction<F>> operands) {
        List<ToDoubleFunction<F>> inOrder = List.copyOf(operands);
        return fact -> {
            double value = 0;
            for (ToDoubleFunction<F> operand : inOrder) {
                value = operand.applyAsDouble(fact);
                if (Logic.isTrue(value) == wanted) {
                    break;
                }
            }
            return value;
        };
    }
}
