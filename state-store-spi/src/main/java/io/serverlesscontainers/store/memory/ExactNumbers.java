package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.node.DecimalNode;
import com.fasterxml.jackson.databind.node.DoubleNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ValueNode;
import java.io.Serial;
import java.math.BigDecimal;

/** Nodes that lose no digit: a fraction becomes a double where a double says the same, else it stays a decimal. */
final class ExactNumbers extends JsonNodeFactory {
    @Serial
    private static final long serialVersionUID = 1;

    @Override
    public ValueNode numberNode(BigDecimal number) {
        double nearest = number.doubleValue();
        boolean same = Double.isFinite(nearest) && BigDecimal.valueOf(nearest).compareTo(number) == 0;
        return same ? DoubleNode.valueOf(nearest) : DecimalNode.valueOf(number);
    }
}
