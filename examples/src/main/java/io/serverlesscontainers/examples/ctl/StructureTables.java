package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.serverlesscontainers.examples.table.Table;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** Structures as people read them: a row for each resource. */
final class StructureTables {
    private static final String RESOURCES = "resources";
    private static final String[] IN_LIST = {"guard", "min", "current", "max", "free"};
    private static final String[] IN_ONE = {
        "guard", "min", "lower", "upper", "current", "max", "free", "boundary", "boundary_type"
    };

    private StructureTables() {}

    /** Several structures; one without resources has a row as well. */
    static Table of(List<JsonNode> structures) {
        var table =
                new Table(Stream.concat(Stream.of("name", "subtype", "host", "guard", "resource"), Stream.of(IN_LIST))
                        .toArray(String[]::new));
        for (JsonNode structure : structures) {
            boolean isBare = true;
            for (Map.Entry<String, JsonNode> resource :
                    structure.path(RESOURCES).properties()) {
                if (resource.getValue().isObject()) {
                    addRow(table, structure, resource.getKey(), resource.getValue());
                    isBare = false;
                }
            }
            if (isBare) {
                addRow(table, structure, Table.NOTHING, MissingNode.getInstance());
            }
        }
        return table;
    }

    private static void addRow(Table table, JsonNode structure, String name, JsonNode resource) {
        var cells = new ArrayList<String>();
        for (String field : new String[] {"name", "subtype", "host", "guard"}) {
            cells.add(Documents.text(structure.path(field)));
        }
        cells.add(name);
        for (String field : IN_LIST) {
            cells.add(Documents.text(resource.path(field)));
        }
        table.add(cells.toArray());
    }

    /** All that is known of one structure, with its thresholds if it has any. */
    static void show(JsonNode structure, JsonNode limits, Output output) {
        var fields = new Documents().fields(structure, RESOURCES, "type");
        var columns = columns(structure.path(RESOURCES), limits);
        var table =
                new Table(Stream.concat(Stream.of("resource"), columns.stream()).toArray(String[]::new));
        for (Map.Entry<String, JsonNode> each : structure.path(RESOURCES).properties()) {
            JsonNode resource = each.getValue();
            if (!resource.isObject()) {
                fields.field(each.getKey(), resource);
                continue;
            }
            for (Map.Entry<String, JsonNode> field : resource.properties()) {
                if (!columns.contains(field.getKey())) {
                    fields.field(each.getKey() + "." + field.getKey(), field.getValue());
                }
            }
            var cells = new ArrayList<String>(List.of(each.getKey()));
            for (String column : columns) {
                JsonNode value = resource.path(column);
                cells.add(Documents.text(
                        value.isMissingNode() ? limits.path(each.getKey()).path(column) : value));
            }
            table.add(cells.toArray());
        }
        output.table(fields.table());
        if (!table.isEmpty()) {
            output.line("");
            output.table(table);
        }
    }

    /** Those that any resource has. */
    private static List<String> columns(JsonNode resources, JsonNode limits) {
        return Stream.of(IN_ONE)
                .filter(column -> !resources.findValues(column).isEmpty()
                        || !limits.findValues(column).isEmpty())
                .toList();
    }
}
