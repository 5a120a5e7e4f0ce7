package io.serverlesscontainers.policy.internal.logic;

import java.util.ArrayList;
import java.util.List;

/**
 * An expression with its numbers taken out. Two expressions that differ in their numbers alone have the same shape.
 *
 * @param shape the expression with a {@link Logic.Parameter} in the place of each number
 * @param numbers what stood there, by slot from the first slot on
 */
public record Lifted(Logic shape, List<Double> numbers) {
    /** Copies the list. */
    public Lifted {
        numbers = List.copyOf(numbers);
    }

    static Lifted of(Logic logic, int firstSlot) {
        var numbers = new ArrayList<Double>();
        return new Lifted(shape(logic, firstSlot, numbers), numbers);
    }

    private static Logic shape(Logic logic, int firstSlot, List<Double> numbers) {
        if (logic instanceof Logic.Literal literal && literal.value() instanceof Double number) {
            numbers.add(number);
            return new Logic.Parameter(firstSlot + numbers.size() - 1);
        }
        if (logic instanceof Logic.Operation operation) {
            List<Logic> operands = operation.operands().stream()
                    .map(operand -> shape(operand, firstSlot, numbers))
                    .toList();
            return new Logic.Operation(operation.operator(), operands);
        }
        return logic;
    }
}
