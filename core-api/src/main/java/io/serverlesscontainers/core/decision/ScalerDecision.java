package io.serverlesscontainers.core.decision;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.store.document.Resource;
import java.time.Instant;
import java.util.Objects;
import java.util.Optional;
import java.util.OptionalLong;

/**
 * What the Scaler decided about one request.
 *
 * @param at when
 * @param structure the structure's name
 * @param resource the resource
 * @param outcome what came of it
 * @param requested the amount asked for
 * @param from the limit before; empty if it is not known
 * @param wanted the limit that was to be written, after it was trimmed to what the host has free; empty if none was
 * @param applied the limit in force afterwards, read back from the kernel; empty if nothing was written
 * @param cpus for CPU: the CPUs written
 * @param reason why it came to this, as the end of a sentence
 */
public record ScalerDecision(
        Instant at,
        String structure,
        Resource resource,
        Outcome outcome,
        long requested,
        OptionalLong from,
        OptionalLong wanted,
        OptionalLong applied,
        Optional<CpuSet> cpus,
        String reason)
        implements Decision {

    /** What can come of a request. */
    public enum Outcome {
        /** The limit is as asked for. */
        APPLIED,
        /** The limit moved, but not all the way: the host or the memory in use did not allow it. */
        PARTIAL,
        /** Nothing can be given: the bounds do not allow it, the host has nothing free, or the memory is in use. */
        REFUSED,
        /** It is an application's, and now its containers have requests of their own. */
        DIVIDED,
        /** It was too old. */
        EXPIRED,
        /** Another request for the same limit is newer or more important. */
        SUPERSEDED,
        /** The kernel's limit is not the one that the request was made for; state or limit is put right instead. */
        OUTDATED,
        /** It could not be carried out, and will be tried again until it is too old. */
        FAILED,
        /** Its host stopped being this Scaler's before it was carried out; the Guardian will ask again. */
        LOST
    }

    /** Refuses missing parts. */
    public ScalerDecision {
        Objects.requireNonNull(at, "at");
        Objects.requireNonNull(structure, "structure");
        Objects.requireNonNull(resource, "resource");
        Objects.requireNonNull(outcome, "outcome");
        Objects.requireNonNull(reason, "reason");
    }

    @Override
    public boolean isScaling() {
        return outcome == Outcome.APPLIED || outcome == Outcome.PARTIAL;
    }

    @Override
    public String explanation() {
        return reason;
    }

    @Override
    public ObjectNode toJson() {
        ObjectNode json = DecisionJson.of("scaler", this, outcome);
        json.put("requested", requested);
        from.ifPresent(limit -> json.put("from", limit));
        wanted.ifPresent(limit -> json.put("wanted", limit));
        applied.ifPresent(limit -> json.put("applied", limit));
        cpus.ifPresent(set -> json.put("cpus", set.toString()));
        return json;
    }
}
