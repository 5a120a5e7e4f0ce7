package io.serverlesscontainers.examples.orchestrator;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.store.document.Shown;
import java.util.regex.Pattern;

/** Where the Container Scaler of a new structure's host is: an address and a port, and nothing that leads elsewhere. */
final class RescalerAddress {
    private static final Pattern ADDRESS = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,252}|\\[[0-9A-Fa-f:.]{2,45}]");
    private static final Pattern PORT = Pattern.compile("[1-9][0-9]{0,4}");
    private static final int HIGHEST_PORT = 65_535;
    private static final int BAD_REQUEST = 400;

    private RescalerAddress() {}

    /**
     * Makes the port a text, as it is in every document.
     *
     * @throws RestException 400 if there is no such address
     */
    static void check(ObjectNode structure) {
        JsonNode ip = structure.path("host_rescaler_ip");
        String port = structure.path("host_rescaler_port").asText();
        if (!ip.isTextual()
                || !ADDRESS.matcher(ip.textValue()).matches()
                || !PORT.matcher(port).matches()
                || Integer.parseInt(port) > HIGHEST_PORT) {
            throw new RestException(
                    BAD_REQUEST,
                    "host_rescaler_ip and host_rescaler_port are " + Shown.of(structure.get("host_rescaler_ip"))
                            + " and "
                            + Shown.of(structure.get("host_rescaler_port"))
                            + ", the address and the port of the host's Container Scaler are needed");
        }
        structure.put("host_rescaler_port", port);
    }
}
