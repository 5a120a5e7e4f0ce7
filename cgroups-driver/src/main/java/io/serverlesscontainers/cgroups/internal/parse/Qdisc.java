package io.serverlesscontainers.cgroups.internal.parse;

import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.core.spi.CgroupException;
import java.util.OptionalLong;

/**
 * How an interface queues what it sends, as {@code tc -json qdisc} tells it: the discipline at the root.
 *
 * @param kind its name
 * @param handle its number, such as {@code 1:}; {@code 0:} if nobody chose it
 * @param bytesPerSecond how fast it lets bytes pass; empty if it is no token bucket
 */
public record Qdisc(String kind, String handle, OptionalLong bytesPerSecond) {
    private static final String NOBODYS = "0:";
    private static final Qdisc NONE = new Qdisc("noqueue", NOBODYS, OptionalLong.empty());
    private static final String TOKEN_BUCKET = "tbf";

    /**
     * Reads the list of an interface's disciplines.
     *
     * @param of what it is that of, for the message
     * @throws CgroupException if a token bucket tells no rate
     */
    public static Qdisc parse(JsonNode list, String of) {
        for (JsonNode qdisc : list) {
            if (qdisc.path("root").asBoolean()) {
                String kind = qdisc.path("kind").asText();
                return new Qdisc(kind, qdisc.path("handle").asText(), rate(kind, qdisc, of));
            }
        }
        return NONE;
    }

    private static OptionalLong rate(String kind, JsonNode qdisc, String of) {
        if (!kind.equals(TOKEN_BUCKET)) {
            return OptionalLong.empty();
        }
        JsonNode rate = qdisc.path("options").path("rate");
        if (!rate.isIntegralNumber() || rate.longValue() < 0) {
            throw new CgroupException("tc tells the rate of the token bucket of " + of + " as '" + rate
                    + "', a number of bytes in a second is needed");
        }
        return OptionalLong.of(rate.longValue());
    }

    /** Whether it is what the kernel puts where nobody chose anything. */
    public boolean isNobodys() {
        return handle.equals(NOBODYS);
    }
}
