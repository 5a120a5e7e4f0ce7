package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Where a host's Container Scaler is.
 *
 * @param ip its address or name
 * @param port its port; whether it can be one the Orchestrator says
 */
record ScalerAddress(String ip, String port) {
    static final String USUAL_PORT = "8000";

    private static final Pattern FORM = Pattern.compile("(\\[[^\\]]+]|[^:]+)(?::([0-9]+))?");

    /**
     * Reads {@code host0:8000} or {@code host0}.
     *
     * @throws CtlException if it is none
     */
    static ScalerAddress parse(String text) {
        Matcher matcher = FORM.matcher(text);
        if (!matcher.matches()) {
            throw new CtlException("--container-scaler is " + text + ", an address such as host0:8000 is needed");
        }
        return new ScalerAddress(matcher.group(1), matcher.group(2) == null ? USUAL_PORT : matcher.group(2));
    }

    void write(ObjectNode structure) {
        structure.put("host_rescaler_ip", ip).put("host_rescaler_port", port);
    }
}
