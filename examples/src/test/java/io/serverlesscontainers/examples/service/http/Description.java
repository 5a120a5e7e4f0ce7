package io.serverlesscontainers.examples.service.http;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** The description of an API ({@code openapi.json}), as somebody reads it who knows nothing else. */
public final class Description {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    private final JsonNode json;

    /** The one beside a class. */
    public Description(Class<?> beside) throws IOException {
        try (InputStream stream = beside.getResourceAsStream("openapi.json")) {
            json = new ObjectMapper().readTree(stream);
        }
    }

    /** All of it. */
    public JsonNode json() {
        return json;
    }

    /** Everything that can be asked for: {@code GET /structure/{name}}. */
    public List<String> operations() {
        var operations = new ArrayList<String>();
        for (Map.Entry<String, JsonNode> path : json.path("paths").properties()) {
            path.getValue().fieldNames().forEachRemaining(method -> {
                if (METHODS.contains(method)) {
                    operations.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            });
        }
        return operations;
    }

    /** What a request asks for; a path without names goes before one with them. */
    public Optional<String> operation(String method, String path) {
        return operations().stream()
                .filter(each -> each.startsWith(method + " "))
                .filter(each ->
                        Pattern.matches(each.substring(method.length() + 1).replaceAll("\\{[a-z]+}", "[^/]+"), path))
                .min(Comparator.comparing(
                        each -> each.chars().filter(it -> it == '{').count()));
    }

    /** The statuses that it may be answered with. */
    public Set<Integer> statuses(String operation) {
        String[] words = operation.split(" ");
        var statuses = new TreeSet<Integer>();
        json.path("paths")
                .path(words[1])
                .path(words[0].toLowerCase(Locale.ROOT))
                .path("responses")
                .fieldNames()
                .forEachRemaining(status -> statuses.add(Integer.parseInt(status)));
        return statuses;
    }
}
