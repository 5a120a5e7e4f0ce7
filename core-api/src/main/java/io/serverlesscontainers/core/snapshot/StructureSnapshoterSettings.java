package io.serverlesscontainers.core.snapshot;

import io.serverlesscontainers.store.document.Resource;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;

/**
 * What a {@link StructureSnapshoter} carries into the state. Immutable; the {@code with…} methods change one setting.
 *
 * @param resources whose limits are carried ({@code RESOURCES_PERSISTED}); the others' are left as they are
 * @param addsUpApplications whether the limits of containers are added up to those of their applications ({@code
 *     STRUCTURES_PERSISTED} has {@code application})
 * @param restoresDrift whether a limit of a guarded resource that is not as the state says is written again, instead of
 *     being carried into the state. Only for who lets no Scaler write at the same time: a limit that it moved and has not
 *     put into the state yet would look the same.
 */
public record StructureSnapshoterSettings(Set<Resource> resources, boolean addsUpApplications, boolean restoresDrift) {
    /** Copies the resources. */
    public StructureSnapshoterSettings {
        resources = resources.isEmpty() ? Set.of() : Collections.unmodifiableSet(EnumSet.copyOf(resources));
    }

    /** The stock values: all resources, of containers and applications; no limit is written. */
    public static StructureSnapshoterSettings stock() {
        return new StructureSnapshoterSettings(EnumSet.allOf(Resource.class), true, false);
    }

    /** The same of other resources. */
    public StructureSnapshoterSettings withResources(Set<Resource> carried) {
        return new StructureSnapshoterSettings(carried, addsUpApplications, restoresDrift);
    }

    /** The same with applications or without. */
    public StructureSnapshoterSettings withApplications(boolean addedUp) {
        return new StructureSnapshoterSettings(resources, addedUp, restoresDrift);
    }

    /** The same, writing limits again or not. */
    public StructureSnapshoterSettings withDriftRestored(boolean restored) {
        return new StructureSnapshoterSettings(resources, addsUpApplications, restored);
    }
}
