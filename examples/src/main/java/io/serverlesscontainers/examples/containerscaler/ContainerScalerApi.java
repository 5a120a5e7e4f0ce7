package io.serverlesscontainers.examples.containerscaler;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.cgroups.FoundContainer;
import io.serverlesscontainers.cgroups.KernelCgroupDriver;
import io.serverlesscontainers.cgroups.remote.LimitsJson;
import io.serverlesscontainers.cgroups.remote.WantedLimits;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.ContainerLimits;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.MissingContainerException;
import io.serverlesscontainers.examples.service.http.RestException;
import io.serverlesscontainers.examples.service.http.RestRequest;
import io.serverlesscontainers.examples.service.http.Route;
import io.serverlesscontainers.examples.service.http.Route.Reply;
import io.serverlesscontainers.store.document.Resource;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;

/** What a Container Scaler can be asked for; all of it is carried out by the driver. */
final class ContainerScalerApi {
    private static final String NAME = "name";
    private static final int BAD_REQUEST = 400;
    private static final int NOT_FOUND = 404;
    private static final int FAILED = 500;

    private final KernelCgroupDriver driver;
    private final CpuTopology topology;
    private final AllOrNothing writer;

    ContainerScalerApi(KernelCgroupDriver driver, CpuTopology topology) {
        this.driver = driver;
        this.topology = topology;
        this.writer = new AllOrNothing(driver);
    }

    /** A container's name may have slashes where it is a path. */
    List<Route> routes() {
        return List.of(
                Route.get("/container", request -> Reply.ok(all(EnumSet.allOf(Resource.class)))),
                Route.get("/container/resources", request -> Reply.ok(all(askedFor(request)))),
                Route.get("/container/resources/<name>", request -> one(request, askedFor(request))),
                Route.get("/container/<name>", request -> one(request, EnumSet.allOf(Resource.class))),
                Route.put("/container/<name>", this::put),
                Route.get("/host", request -> Reply.ok(host())),
                Route.get(
                        "/host/cpu_topology",
                        request -> Reply.ok(topology.of(capacity().cpus()))));
    }

    /** Those that the query names; all where it names none. */
    private static Set<Resource> askedFor(RestRequest request) {
        Set<Resource> some = EnumSet.noneOf(Resource.class);
        for (Resource resource : Resource.values()) {
            if (request.asksFor(resource.wireName())) {
                some.add(resource);
            }
        }
        return some.isEmpty() ? EnumSet.allOf(Resource.class) : some;
    }

    /** Every container that an engine runs here, by name; one that cannot be read says why. */
    private JsonNode all(Set<Resource> resources) {
        var byName = new TreeMap<String, JsonNode>();
        List<FoundContainer> found = driver.containers();
        Map<String, Integer> times = new HashMap<>();
        found.stream()
                .flatMap(each -> Stream.concat(Stream.of(each.id()), each.name().stream()))
                .forEach(name -> times.merge(name, 1, Integer::sum));
        for (FoundContainer container : found) {
            // A name that may be one of several is nobody's.
            String name = container.name().filter(it -> times.get(it) == 1).orElse(container.id());
            try {
                byName.put(name, LimitsJson.write(driver.limits(container.id()), resources));
            } catch (MissingContainerException ended) {
                // Since the list was made.
            } catch (CgroupException unreadable) {
                byName.put(name, JsonNodeFactory.instance.objectNode().put("error", unreadable.getMessage()));
            }
        }
        return JsonNodeFactory.instance.objectNode().setAll(byName);
    }

    private Reply one(RestRequest request, Set<Resource> resources) {
        return Reply.ok(LimitsJson.write(limits(request.name(NAME)), resources));
    }

    private ContainerLimits limits(String container) {
        try {
            return driver.limits(container);
        } catch (MissingContainerException missing) {
            throw new RestException(NOT_FOUND, missing.getMessage(), missing);
        } catch (CgroupException refused) {
            throw new RestException(FAILED, refused.getMessage(), refused);
        }
    }

    /** All of the body is looked at before anything is written. */
    private Reply put(RestRequest request) {
        String container = request.name(NAME);
        WantedLimits wanted = wanted(request);
        try {
            AllOrNothing.Written written = writer.write(container, wanted);
            ObjectNode json = json(written.inForce());
            written.reasons()
                    .forEach((resource, reason) ->
                            json.withObjectProperty(resource.wireName()).put("reason", reason));
            return Reply.changed(json);
        } catch (MissingContainerException missing) {
            throw new RestException(NOT_FOUND, missing.getMessage(), missing);
        } catch (LimitRefusal refusal) {
            var failure = new RestException(FAILED, refusal.getMessage(), refusal);
            refusal.inUse().ifPresent(it -> failure.with("refused", JsonNodeFactory.instance.textNode(it.wireName())));
            refusal.inForce().ifPresent(it -> failure.with("in_force", json(it)));
            throw failure;
        } catch (CgroupException refused) {
            throw new RestException(FAILED, refused.getMessage(), refused);
        }
    }

    private WantedLimits wanted(RestRequest request) {
        WantedLimits wanted;
        try {
            wanted = WantedLimits.read(request.body());
        } catch (IllegalArgumentException wrong) {
            throw new RestException(BAD_REQUEST, wrong.getMessage(), wrong);
        }
        for (Resource resource : wanted.limits().keySet()) {
            if (!driver.resources().contains(resource)) {
                throw new RestException(
                        BAD_REQUEST, resource + " cannot be limited on this host, only " + driver.resources() + " can");
            }
        }
        wanted.cpus().ifPresent(this::refuseOtherCpus);
        return wanted;
    }

    private void refuseOtherCpus(CpuSet cpus) {
        CpuSet here = capacity().cpus();
        if (!cpus.stream().allMatch(here::contains)) {
            throw new RestException(
                    BAD_REQUEST, "cpu.cpu_num is " + cpus + ", and this host has the CPUs " + here + " only");
        }
    }

    private static ObjectNode json(ContainerLimits limits) {
        return LimitsJson.write(limits, EnumSet.allOf(Resource.class));
    }

    private ObjectNode host() {
        HostCapacity capacity = capacity();
        ObjectNode json = JsonNodeFactory.instance
                .objectNode()
                .put("cpus", capacity.cpus().toString())
                .put("mem", capacity.memoryMiB());
        ArrayNode resources = json.putArray("resources");
        driver.resources().forEach(resource -> resources.add(resource.wireName()));
        return json;
    }

    private HostCapacity capacity() {
        try {
            return driver.host();
        } catch (CgroupException untold) {
            throw new RestException(FAILED, untold.getMessage(), untold);
        }
    }
}
