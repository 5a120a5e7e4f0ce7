package io.serverlesscontainers.core.snapshot;

import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/**
 * What a {@link DatabaseSnapshoter} writes. Immutable; the {@code with…} methods change one setting.
 *
 * @param documents the documents that are looked at ({@code DOCUMENTS_PERSISTED})
 * @param structures what structures are written, where structures and their limits are ({@code STRUCTURES_PERSISTED})
 * @param resources the resources that are written ({@code RESOURCES_PERSISTED})
 * @param fields the fields of their resources that are written ({@code FIELDS_PERSISTED}), by their names on the wire;
 *     {@code margin} is what the boundary comes to, and {@code guard} is 1 or 0. Of configurations all is written
 */
public record DatabaseSnapshoterSettings(
        Set<Part> documents, Set<Structure.Subtype> structures, Set<Resource> resources, Set<String> fields) {

    /** A kind of documents. */
    public enum Part {
        /** The thresholds of structures. */
        LIMITS,
        /** Containers, applications and hosts. */
        STRUCTURES,
        /** Users. */
        USERS,
        /** The configuration of services. */
        CONFIGS;

        /** The word in a configuration. */
        public String wireName() {
            return name().toLowerCase(Locale.ROOT);
        }

        /** The kind of a word; empty for one that is none. */
        public static Optional<Part> ofWireName(String wireName) {
            for (Part part : values()) {
                if (part.wireName().equals(wireName)) {
                    return Optional.of(part);
                }
            }
            return Optional.empty();
        }
    }

    /** Refuses a field without a name. */
    public DatabaseSnapshoterSettings {
        documents = documents.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(documents));
        structures = structures.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(structures));
        resources = resources.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(resources));
        fields = Collections.unmodifiableSet(new TreeSet<>(fields));
        if (fields.contains("")) {
            throw new IllegalArgumentException("a field to be written has an empty name, one such as max is needed");
        }
    }

    /** The stock values: all documents; max, min, upper, lower, current, usage, fixed and shares. */
    public static DatabaseSnapshoterSettings stock() {
        return new DatabaseSnapshoterSettings(
                EnumSet.allOf(Part.class),
                EnumSet.allOf(Structure.Subtype.class),
                EnumSet.allOf(Resource.class),
                Set.of("max", "min", "upper", "lower", "current", "usage", "fixed", "shares"));
    }

    /** The same of other documents. */
    public DatabaseSnapshoterSettings withDocuments(Set<Part> looked) {
        return new DatabaseSnapshoterSettings(looked, structures, resources, fields);
    }

    /** The same with other fields. */
    public DatabaseSnapshoterSettings withFields(Set<String> written) {
        return new DatabaseSnapshoterSettings(documents, structures, resources, written);
    }

    /** The same of other structures. */
    public DatabaseSnapshoterSettings withStructures(Set<Structure.Subtype> written) {
        return new DatabaseSnapshoterSettings(documents, written, resources, fields);
    }

    /** The same of other resources. */
    public DatabaseSnapshoterSettings withResources(Set<Resource> written) {
        return new DatabaseSnapshoterSettings(documents, structures, written, fields);
    }
}
