package io.serverlesscontainers.core;

import io.serverlesscontainers.core.decision.Decision;
import java.time.Instant;
import java.util.List;

/**
 * What one window of a {@link ScalingController} saw, decided and did.
 *
 * @param at when it began
 * @param samples every resource of every container, guarded or not, by container name
 * @param decisions what Guardian and Scaler decided, in that order
 */
public record ControllerWindow(Instant at, List<Sample> samples, List<Decision> decisions) {
    /** Copies the lists. */
    public ControllerWindow {
        samples = List.copyOf(samples);
        decisions = List.copyOf(decisions);
    }
}
