package io.serverlesscontainers.core.spi;

import io.serverlesscontainers.store.document.Resource;

/**
 * The live events of one resource of one structure, added up: the fact that request rules look at, of any policy and in DRL
 * too. A resource without live events has no tally. Immutable.
 *
 * @param state the resource in this window
 * @param up sum of {@code events.scale.up}
 * @param down sum of {@code events.scale.down}
 */
public record EventTally(ResourceState state, int up, int down) {
    /** The resource. */
    public Resource resource() {
        return state.resource();
    }
}
