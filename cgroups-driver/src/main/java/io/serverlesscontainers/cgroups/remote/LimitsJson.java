package io.serverlesscontainers.cgroups.remote;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Shown;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;

/**
 * Limits that are in force, as a Container Scaler tells them:
 *
 * <pre>{@code
 * {"cpu": {"cpu_num": "0-1", "effective_num_cpus": 2, "effective_cpu_limit": 150.0, "cpu_allowance_limit": 150.0},
 *  "mem": {"mem_limit": 4096.0, "unit": "M"}, "disk_read": {"disk_read_limit": -1}, …}
 * }</pre>
 *
 * <p>CPU in shares, memory in MiB, disk in MiB/s, network in Mbit/s, energy in watts; {@code -1} where there is no limit.
 * What the CPUs are able to is {@code effective_cpu_limit}, if it is less than the quota. Nothing is there of what is not
 * handled.
 */
public final class LimitsJson {
    static final String CPUS = "cpu_num";
    static final String UNIT = "unit";
    static final String MEBIBYTES = "M";

    private static final int SHARES_PER_CPU = 100;

    private LimitsJson() {}

    /** Where the limit of a resource stands, inside the object of the resource. */
    static String limitField(Resource resource) {
        return resource == Resource.CPU ? "cpu_allowance_limit" : resource.wireName() + "_limit";
    }

    /** Writes limits of some resources, in the order of {@link Resource}. */
    public static ObjectNode write(ContainerLimits limits, Set<Resource> resources) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        for (Resource resource : Resource.values()) {
            if (resources.contains(resource)) {
                ObjectNode object = resource == Resource.CPU ? cpu(limits) : other(limits, resource);
                if (!object.isEmpty()) {
                    json.set(resource.wireName(), object);
                }
            }
        }
        return json;
    }

    private static ObjectNode cpu(ContainerLimits limits) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        limits.cpus().ifPresent(cpus -> {
            json.put(CPUS, cpus.toString());
            json.put("effective_num_cpus", cpus.size());
        });
        if (limits.limits().containsKey(Resource.CPU)) {
            OptionalLong quota = limits.limit(Resource.CPU);
            put(json, "effective_cpu_limit", effective(quota, limits.cpus()));
            put(json, limitField(Resource.CPU), quota);
        }
        return json;
    }

    private static OptionalLong effective(OptionalLong quota, Optional<CpuSet> cpus) {
        if (cpus.isEmpty() || cpus.get().isEmpty()) {
            return quota;
        }
        long able = (long) SHARES_PER_CPU * cpus.get().size();
        return OptionalLong.of(Math.min(quota.orElse(able), able));
    }

    private static ObjectNode other(ContainerLimits limits, Resource resource) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        if (limits.limits().containsKey(resource)) {
            put(json, limitField(resource), limits.limit(resource));
            if (resource == Resource.MEMORY) {
                json.put(UNIT, MEBIBYTES);
            }
        }
        return json;
    }

    private static void put(ObjectNode json, String field, OptionalLong limit) {
        if (limit.isPresent()) {
            json.put(field, (double) limit.getAsLong());
        } else {
            json.put(field, WireNumber.NO_LIMIT);
        }
    }

    /**
     * Reads limits, and leaves out what it does not know.
     *
     * @throws IllegalArgumentException with one sentence, if something is not of this form, or tells of an error in place
     *     of limits
     */
    public static ContainerLimits read(String container, JsonNode json) {
        if (!json.isObject()) {
            throw new IllegalArgumentException("the limits are " + Shown.of(json) + ", an object is needed");
        }
        if (json.has("error")) {
            throw new IllegalArgumentException(json.get("error").asText());
        }
        Map<Resource, OptionalLong> limits = new EnumMap<>(Resource.class);
        for (Resource resource : Resource.values()) {
            JsonNode limit = json.path(resource.wireName()).get(limitField(resource));
            if (limit != null && !limit.isNull()) {
                limits.put(resource, WireNumber.inForce(limit, resource + "." + limitField(resource)));
            }
        }
        JsonNode cpus = json.path(Resource.CPU.wireName()).path(CPUS);
        return new ContainerLimits(
                container, limits, cpus.isTextual() ? Optional.of(CpuSet.parse(cpus.textValue())) : Optional.empty());
    }
}
