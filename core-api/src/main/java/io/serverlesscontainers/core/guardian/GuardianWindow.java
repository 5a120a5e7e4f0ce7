package io.serverlesscontainers.core.guardian;

import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.ScalingRequest;
import java.time.Instant;
import java.util.List;

/**
 * What one window of a Guardian saw and did.
 *
 * @param at when
 * @param states every resource that had all it takes to decide
 * @param events how many events the rules generated
 * @param requests the requests for the Scaler; in {@code DRY_RUN} those that would have been made
 * @param problems what kept structures or resources from being decided, one sentence each
 */
public record GuardianWindow(
        Instant at, List<ResourceState> states, int events, List<ScalingRequest> requests, List<Problem> problems) {
    /** Copies the lists. */
    public GuardianWindow {
        states = List.copyOf(states);
        requests = List.copyOf(requests);
        problems = List.copyOf(problems);
    }
}
