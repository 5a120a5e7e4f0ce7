package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.util.Collections;
import java.util.EnumMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;

/**
 * A structure: a container, an application (a named group of containers), a host, or a user.
 *
 * @param name unique among structures
 * @param subtype which of the four it is
 * @param guard whether it may be scaled; absent on hosts
 * @param host the host it runs on, or the host's own name
 * @param hostRescalerIp address of that host's Container Scaler
 * @param hostRescalerPort port of that host's Container Scaler; a text on the wire
 * @param containers the containers of an application; empty otherwise
 * @param resources what it has of each resource
 * @param otherResources entries of {@code resources} that are no {@link Resource}, or could not be read
 * @param otherFields fields that are none of the above
 * @param problems what could not be read
 */
public record Structure(
        String name,
        Subtype subtype,
        Optional<Boolean> guard,
        Optional<String> host,
        Optional<String> hostRescalerIp,
        Optional<String> hostRescalerPort,
        List<String> containers,
        Map<Resource, StructureResource> resources,
        Map<String, JsonNode> otherResources,
        Map<String, JsonNode> otherFields,
        List<Problem> problems)
        implements Document {

    /** What a structure can be. */
    public enum Subtype {
        /** One container. */
        CONTAINER,
        /** A named group of containers. */
        APPLICATION,
        /** A machine that runs containers. */
        HOST,
        /** A person or account that owns applications. */
        USER;

        /** The word on the wire. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        static Subtype ofWireName(String wireName) {
            for (Subtype subtype : values()) {
                if (subtype.wireName().equals(wireName)) {
                    return subtype;
                }
            }
            return null;
        }
    }

    /** Copies the collections. */
    public Structure {
        Names.check(name);
        Objects.requireNonNull(subtype, "subtype");
        containers = List.copyOf(containers);
        resources = Collections.unmodifiableMap(
                resources.isEmpty() ? new EnumMap<>(Resource.class) : new EnumMap<>(resources));
        otherResources = Collections.unmodifiableMap(new LinkedHashMap<>(otherResources));
        otherFields = Collections.unmodifiableMap(new LinkedHashMap<>(otherFields));
        problems = List.copyOf(problems);
    }

    /** A structure with a name and nothing else; the {@code with…} methods add the rest. */
    public static Structure of(String name, Subtype subtype) {
        return new Structure(
                name,
                subtype,
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                Optional.empty(),
                List.of(),
                Map.of(),
                Map.of(),
                Map.of(),
                List.of());
    }

    @Override
    public DocumentKind<Structure> kind() {
        return subtype == Subtype.USER ? DocumentKind.USERS : DocumentKind.STRUCTURES;
    }

    /** Whether the structure as a whole is guarded; false where nothing says so. */
    public boolean isGuarded() {
        return guard.orElse(false);
    }

    /** Whether this resource may be scaled: guarded itself, in a guarded structure. */
    public boolean isGuarded(Resource resource) {
        StructureResource has = resources.get(resource);
        return isGuarded() && has != null && has.isGuarded();
    }

    /** What it has of one resource. */
    public Optional<StructureResource> resource(Resource resource) {
        return Optional.ofNullable(resources.get(resource));
    }

    /** The same, guarded or not. */
    public Structure withGuard(boolean guarded) {
        return new Structure(
                name,
                subtype,
                Optional.of(guarded),
                host,
                hostRescalerIp,
                hostRescalerPort,
                containers,
                resources,
                otherResources,
                otherFields,
                problems);
    }

    /** The same, running on a host whose Container Scaler listens at an address. */
    public Structure withHost(String hostName, String rescalerIp, String rescalerPort) {
        return new Structure(
                name,
                subtype,
                guard,
                Optional.of(hostName),
                Optional.of(rescalerIp),
                Optional.of(rescalerPort),
                containers,
                resources,
                otherResources,
                otherFields,
                problems);
    }

    /** The same with other containers. */
    public Structure withContainers(List<String> names) {
        return new Structure(
                name,
                subtype,
                guard,
                host,
                hostRescalerIp,
                hostRescalerPort,
                names,
                resources,
                otherResources,
                otherFields,
                problems);
    }

    /** The same with one resource added or replaced. */
    public Structure withResource(Resource resource, StructureResource has) {
        Map<Resource, StructureResource> changed = new EnumMap<>(Resource.class);
        changed.putAll(resources);
        changed.put(resource, has);
        return new Structure(
                name,
                subtype,
                guard,
                host,
                hostRescalerIp,
                hostRescalerPort,
                containers,
                changed,
                otherResources,
                otherFields,
                problems);
    }

    static Structure fromJson(JsonNode json) {
        Fields fields = Fields.ofNamed("structure", json);
        String name = fields.requiredText("name");
        fields.dropUsual("type", "structure");
        Subtype subtype = fields.take(
                        "subtype", "container, application, host or user", node -> Subtype.ofWireName(node.asText()))
                .orElseThrow(() -> fields.unusable("subtype", "container, application, host or user"));
        Map<Resource, StructureResource> resources = new EnumMap<>(Resource.class);
        Map<String, JsonNode> otherResources = new LinkedHashMap<>();
        fields.object("resources").ifPresent(section -> {
            for (Resource resource : Resource.values()) {
                section.object(resource.wireName())
                        .ifPresent(has -> resources.put(resource, StructureResource.fromFields(has)));
            }
            if (subtype != Subtype.HOST) { // hosts describe their disks in a way of their own
                section.reportUnknownResources();
            }
            otherResources.putAll(section.rest());
        });
        return new Structure(
                name,
                subtype,
                fields.flag("guard"),
                fields.text("host"),
                fields.text("host_rescaler_ip"),
                fields.portText("host_rescaler_port"),
                subtype == Subtype.APPLICATION || !fields.isEmptyArray("containers")
                        ? fields.texts("containers")
                        : List.of(),
                resources,
                otherResources,
                fields.rest(),
                fields.problems());
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        Fields.putUsual(json, "type", "structure", otherFields);
        json.put("subtype", subtype.wireName());
        json.put("name", name);
        Fields.putFlag(json, "guard", guard);
        Fields.putText(json, "host", host);
        Fields.putText(json, "host_rescaler_ip", hostRescalerIp);
        Fields.putText(json, "host_rescaler_port", hostRescalerPort);
        if (!containers.isEmpty() || (subtype == Subtype.APPLICATION && !otherFields.containsKey("containers"))) {
            var names = json.putArray("containers");
            containers.forEach(names::add);
        }
        ObjectNode section = JsonNodeFactory.instance.objectNode();
        resources.forEach((resource, has) -> section.set(resource.wireName(), has.toJson()));
        Fields.putOthers(section, otherResources);
        Fields.putSection(json, "resources", section, otherFields);
        Fields.putOthers(json, otherFields);
        return json;
    }
}
