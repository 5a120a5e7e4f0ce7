package io.serverlesscontainers.examples.containerscaler;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.examples.service.ServiceMetrics;
import io.serverlesscontainers.examples.service.http.Description;
import io.serverlesscontainers.examples.service.http.Listen;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** The description that is served says what is served. */
class OpenApiTest {
    @Test
    void it_has_every_route_and_no_other() throws Exception {
        try (var metrics = new ServiceMetrics("test")) {
            assertThat(new Description(ContainerScalerServer.class).operations())
                    .containsExactlyInAnyOrderElementsOf(
                            ContainerScalerServer.settings(null, Path.of("/"), Listen.loopback(0), metrics)
                                    .operations());
        }
    }

    @Test
    void whatever_it_refers_to_is_there() throws Exception {
        JsonNode description = new Description(ContainerScalerServer.class).json();
        for (JsonNode reference : description.findValues("$ref")) {
            String pointer = reference.textValue().substring(1);
            assertThat(description.at(pointer).isMissingNode()).as(pointer).isFalse();
        }
        assertThat(description.path("openapi").textValue()).startsWith("3.0");
    }
}
