package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.ArrayNode;
import io.serverlesscontainers.examples.table.Table;
import java.util.List;

/** The same change of several things, one after the other until one is refused. */
@FunctionalInterface
interface Changes {
    /** Asks for the change of one of them. */
    void change(Orchestrator orchestrator, String name);

    /**
     * All of them, as the work of a command.
     *
     * @param outcome what is told of each, after its name
     */
    default CtlCommand.Work of(List<String> names, String outcome) {
        return (orchestrator, output, result) -> {
            ArrayNode changed = result.putArray("changed");
            for (String name : names) {
                change(orchestrator, name);
                changed.add(name);
                output.line(Table.oneLine(name + outcome));
            }
        };
    }
}
