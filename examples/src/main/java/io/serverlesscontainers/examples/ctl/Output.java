package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.table.Table;
import java.io.PrintWriter;

/** Tells people what came of a command; or a program, in one JSON object that is the last line. */
final class Output {
    private final PrintWriter people;
    private final PrintWriter program;
    private final boolean json;

    Output(PrintWriter out, PrintWriter err, boolean json) {
        this.people = json ? err : out;
        this.program = out;
        this.json = json;
    }

    void line(String text) {
        people.println(text);
        people.flush();
    }

    void table(Table table) {
        table.lines().forEach(people::println);
        people.flush();
    }

    /** The last of all. */
    void end(ObjectNode result) {
        if (json) {
            program.println(result);
            program.flush();
        }
    }
}
