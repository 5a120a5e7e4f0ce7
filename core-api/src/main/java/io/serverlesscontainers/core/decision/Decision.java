package io.serverlesscontainers.core.decision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.Resource;
import java.time.Instant;

/**
 * Something that was decided about one resource of one structure, also where the decision was to do nothing. Nothing is
 * decided anywhere that such a record does not show.
 */
public sealed interface Decision permits GuardianDecision, ExplainedDecision, ScalerDecision {
    /** When it was decided. */
    Instant at();

    /** The structure's name. */
    String structure();

    /** The resource. */
    Resource resource();

    /** What was decided and why, in plain words that leave out the structure and the resource. */
    String explanation();

    /** The whole decision in one plain sentence. */
    default String sentence() {
        return structure() + " " + resource() + ": " + explanation();
    }

    /** Whether a limit moved or is asked to move. */
    boolean isScaling();

    /**
     * The decision for programs. Fields have a fixed order, and one that has nothing to say is left out; {@code at} is in
     * ISO 8601, numbers are numbers, in the resource's unit.
     */
    ObjectNode toJson();
}
