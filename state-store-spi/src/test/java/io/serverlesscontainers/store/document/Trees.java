package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** JSON for the tests: the sample documents, and trees that nobody would write. */
final class Trees {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final JsonMapper MAPPER = new JsonMapper();
    private static final List<String> WORDS = List.of(
            "12",
            " 7 ",
            "-3",
            "1.5",
            "1e5",
            "1e350",
            "1e-9999",
            "0x10",
            "NaN",
            "true",
            "cpu",
            "up",
            "down",
            "events",
            "percentage_of_max",
            "container",
            "application",
            "host",
            "user",
            "current",
            "request",
            "limit",
            "CpuRescaleUp",
            "9223372036854775808",
            "");
    private static final List<String> NAMES = List.of(
            "name",
            "type",
            "subtype",
            "guard",
            "never_down",
            "host",
            "host_rescaler_port",
            "containers",
            "resources",
            "cpu",
            "mem",
            "disk_read",
            "gpu",
            "max",
            "min",
            "current",
            "free",
            "usage",
            "core_usage_mapping",
            "0",
            "00",
            "-1",
            "upper",
            "lower",
            "boundary",
            "boundary_type",
            "rule",
            "generates",
            "action",
            "events",
            "scale",
            "up",
            "down",
            "amount",
            "priority",
            "rescale_policy",
            "rescale_type",
            "rescale_by",
            "active",
            "config",
            "heartbeat",
            "structure",
            "structure_type",
            "resource",
            "timestamp",
            "field",
            "_id",
            "_rev");

    private Trees() {}

    static JsonNode json(String text) {
        try {
            return MAPPER.readTree(text.replace('\'', '"'));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The documents of one sample file. */
    static List<ObjectNode> samples(String file) {
        try (InputStream in = Trees.class.getResourceAsStream("/documents/" + file + ".json")) {
            JsonNode tree = MAPPER.readTree(in);
            var samples = new ArrayList<ObjectNode>();
            if (tree.isArray()) {
                tree.forEach(it -> samples.add((ObjectNode) it));
            } else {
                samples.add((ObjectNode) tree);
            }
            return samples;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Any tree, most of its names and words such as the documents have. */
    static JsonNode tree(Random random) {
        return tree(random, 5);
    }

    private static JsonNode tree(Random random, int depth) {
        int sort = depth == 0 ? 0 : random.nextInt(6);
        if (sort == 4) {
            ArrayNode array = NODES.arrayNode();
            for (int size = random.nextInt(4); size > 0; size--) {
                array.add(tree(random, depth - 1));
            }
            return array;
        }
        return sort == 5 ? object(random, depth) : scalar(random);
    }

    /** Any object. */
    static ObjectNode object(Random random, int depth) {
        ObjectNode object = NODES.objectNode();
        for (int size = random.nextInt(7); size > 0; size--) {
            object.set(name(random), tree(random, depth - 1));
        }
        return object;
    }

    static String name(Random random) {
        return random.nextInt(10) == 0 ? text(random) : NAMES.get(random.nextInt(NAMES.size()));
    }

    private static JsonNode scalar(Random random) {
        return switch (random.nextInt(8)) {
            case 0 -> NODES.booleanNode(random.nextBoolean());
            case 1 -> NODES.numberNode(random.nextLong());
            case 2 -> NODES.numberNode(random.nextInt(400) - 200);
            case 3 -> NODES.numberNode(new BigInteger(100, random));
            case 4 -> NODES.numberNode(random.nextGaussian() * Math.pow(10, random.nextInt(40) - 20));
            case 5 -> NODES.textNode(WORDS.get(random.nextInt(WORDS.size())));
            case 6 -> NODES.textNode(text(random));
            default -> NODES.nullNode();
        };
    }

    private static String text(Random random) {
        var text = new StringBuilder();
        for (int length = random.nextInt(6); length > 0; length--) {
            text.append((char) (random.nextBoolean() ? ' ' + random.nextInt(90) : random.nextInt(0x10000)));
        }
        return text.toString();
    }

    /** Replaces or adds something somewhere in a tree. */
    static void damage(JsonNode tree, Random random) {
        var below = new ArrayList<JsonNode>();
        tree.forEach(child -> {
            if (child.isContainerNode()) {
                below.add(child);
            }
        });
        if (!below.isEmpty() && random.nextInt(4) != 0) {
            damage(below.get(random.nextInt(below.size())), random);
        } else if (tree instanceof ObjectNode object) {
            var fields = new ArrayList<String>();
            object.fieldNames().forEachRemaining(fields::add);
            boolean isAdded = fields.isEmpty() || random.nextInt(3) == 0;
            object.set(isAdded ? name(random) : fields.get(random.nextInt(fields.size())), tree(random));
        } else if (tree instanceof ArrayNode array) {
            array.add(tree(random));
        }
    }
}
