package io.serverlesscontainers.cgroups.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.LimitChange;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What somebody asks a Container Scaler for: new limits of one container.
 *
 * <pre>{@code
 * {"cpu": {"cpu_allowance_limit": "200", "cpu_num": "0,1"}, "mem": {"mem_limit": 4096}, "net": {"net_limit": -1}, …}
 * }</pre>
 *
 * <p>Limits are numbers or the same as texts, {@code -1} or {@code "unlimited"} lifts one; CPUs are numbers and ranges,
 * separated by commas. Other fields are passed over, so that an answer ({@link LimitsJson}) can be sent back as it is.
 *
 * @param limits the new limits in each resource's unit, empty to lift one; resources without an entry stay as they are
 * @param cpus the CPUs to run on; empty to leave them as they are
 */
public record WantedLimits(Map<Resource, OptionalLong> limits, Optional<CpuSet> cpus) {
    /** Copies the map. */
    public WantedLimits {
        limits = Collections.unmodifiableMap(limits.isEmpty() ? new EnumMap<>(Resource.class) : new EnumMap<>(limits));
        Objects.requireNonNull(cpus, "cpus");
    }

    /** One change. */
    public static WantedLimits of(LimitChange change) {
        return new WantedLimits(Map.of(change.resource(), change.limit()), change.cpus());
    }

    /**
     * Reads all of them, or none.
     *
     * @throws IllegalArgumentException with one sentence: what is wrong where, and what is needed
     */
    public static WantedLimits read(JsonNode body) {
        if (!body.isObject()) {
            throw new IllegalArgumentException("the body is " + Shown.of(body)
                    + ", an object such as {\"cpu\":{\"cpu_allowance_limit\":200}} is needed");
        }
        Map<Resource, OptionalLong> limits = new EnumMap<>(Resource.class);
        Optional<CpuSet> cpus = Optional.empty();
        for (Resource resource : Resource.values()) {
            JsonNode wanted = body.get(resource.wireName());
            if (wanted == null) {
                continue;
            }
            if (!wanted.isObject()) {
                throw new IllegalArgumentException(resource + " is " + Shown.of(wanted) + ", an object such as {\""
                        + LimitsJson.limitField(resource) + "\":200} is needed");
            }
            String field = LimitsJson.limitField(resource);
            if (wanted.has(field)) {
                limits.put(resource, WireNumber.wanted(wanted.get(field), resource, resource + "." + field));
            }
            if (resource == Resource.CPU && wanted.has(LimitsJson.CPUS)) {
                cpus = Optional.of(cpus(wanted.get(LimitsJson.CPUS)));
            }
            if (resource == Resource.MEMORY) {
                refuseOtherUnits(wanted);
            }
        }
        if (limits.isEmpty() && cpus.isEmpty()) {
            throw new IllegalArgumentException("the body " + Shown.of(body)
                    + " has no limit, at least one such as {\"cpu\":{\"cpu_allowance_limit\":200}} is needed");
        }
        return new WantedLimits(limits, cpus);
    }

    private static CpuSet cpus(JsonNode json) {
        String place = Resource.CPU + "." + LimitsJson.CPUS;
        boolean readable = json.isTextual() || json.isIntegralNumber();
        CpuSet cpus = CpuSet.NONE;
        if (readable) {
            try {
                cpus = CpuSet.parse(json.asText());
            } catch (IllegalArgumentException noList) {
                readable = false;
            }
        }
        if (!readable || cpus.isEmpty()) {
            throw new IllegalArgumentException(
                    place + " is " + Shown.of(json) + ", a list of CPUs such as \"0,1\" or \"0-1\" is needed");
        }
        return cpus;
    }

    /** 4 of another unit would be taken for 4 MiB, which no container survives. */
    private static void refuseOtherUnits(JsonNode memory) {
        JsonNode unit = memory.get(LimitsJson.UNIT);
        if (unit != null && !LimitsJson.MEBIBYTES.equals(unit.textValue())) {
            throw new IllegalArgumentException(Resource.MEMORY + "." + LimitsJson.UNIT + " is " + Shown.of(unit)
                    + ", only \"" + LimitsJson.MEBIBYTES + "\" (MiB) is possible");
        }
    }

    /** The body that says so. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        limits.forEach((resource, limit) -> json.putObject(resource.wireName())
                .put(LimitsJson.limitField(resource), limit.orElse(WireNumber.NO_LIMIT)));
        cpus.ifPresent(set -> json.withObjectProperty(Resource.CPU.wireName()).put(LimitsJson.CPUS, set.toString()));
        return json;
    }
}
