package io.serverlesscontainers.policy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.StreamSupport;

/**
 * The serverless policy as rule documents, as a new installation gets them into its store. They decide exactly as
 * {@link DroolsScalingPolicy#serverless()} does.
 */
public final class StockRules {
    private static final String FILE = "stock-rules.json";

    private StockRules() {}

    /**
     * The documents: for each of cpu, mem, disk_read, disk_write and net two rules that generate events and two that
     * generate requests, and an inactive one in the older spelling.
     */
    public static List<Rule> documents() {
        try (InputStream file = StockRules.class.getResourceAsStream(FILE)) {
            if (file == null) {
                throw new IllegalStateException("the jar has no " + FILE);
            }
            JsonNode documents = new JsonMapper().readTree(file);
            return StreamSupport.stream(documents.spliterator(), false)
                    .map(DocumentKind.RULES::read)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(FILE + " cannot be read", e);
        }
    }
}
