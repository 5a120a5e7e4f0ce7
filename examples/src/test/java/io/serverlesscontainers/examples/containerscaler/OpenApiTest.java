package io.serverlesscontainers.examples.containerscaler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.http.Listen;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** The description that is served says what is served. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "put", "post", "delete");

    @Test
    void it_has_every_route_and_no_other() throws Exception {
        JsonNode description = description();
        var described = new ArrayList<String>();
        for (Map.Entry<String, JsonNode> path : description.path("paths").properties()) {
            path.getValue().fieldNames().forEachRemaining(method -> {
                if (METHODS.contains(method)) {
                    described.add(method.toUpperCase(Locale.ROOT) + " " + path.getKey());
                }
            });
        }
        try (var metrics = new ServiceMetrics("test")) {
            List<String> served = ContainerScalerServer.settings(null, Path.of("/"), Listen.loopback(0), metrics)
                    .operations();
            assertThat(described).containsExactlyInAnyOrderElementsOf(served);
        }
    }

    @Test
    void whatever_it_refers_to_is_there() throws Exception {
        JsonNode description = description();
        for (JsonNode reference : description.findValues("$ref")) {
            String pointer = reference.textValue().substring(1);
            assertThat(description.at(pointer).isMissingNode()).as(pointer).isFalse();
        }
        assertThat(description.path("openapi").textValue()).startsWith("3.0");
    }

    private static JsonNode description() throws Exception {
        try (InputStream json = ContainerScalerServer.class.getResourceAsStream("openapi.json")) {
            return new ObjectMapper().readTree(json);
        }
    }
}
