package io.serverlesscontainers.core.lease;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.document.DocumentException;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * All members and all slots at one moment. Its JSON form is
 *
 * <pre>
 * {"members": {"guardian-a": {"incarnation": "5d0e…", "renewed_at": 1700000002500,
 *                             "worked_until": 1700000010000, "valid_until": 1700000020000}, …},
 *  "slots": ["guardian-a", 1700000010000, …]}
 * </pre>
 *
 * where a slot is its owner's name, or the time from which on it may be taken. Fields that are not known are kept.
 *
 * @param members by name
 * @param slots as many as there are
 */
record LeaseTable(Map<String, Member> members, List<Slot> slots) {
    private static final String MEMBERS = "members";
    private static final String SLOTS = "slots";
    private static final String INCARNATION = "incarnation";
    private static final String RENEWED_AT = "renewed_at";
    private static final String WORKED_UNTIL = "worked_until";
    private static final String VALID_UNTIL = "valid_until";

    /**
     * The lease of one member, on all slots that it owns. Times are milliseconds since 1970 on its own clock.
     *
     * @param incarnation tells a member from an earlier or another one of its name
     * @param renewedMillis when it renewed
     * @param workedUntilMillis the end of the window that it began then
     * @param validUntilMillis from when on others may work on what it owns
     */
    record Member(String incarnation, long renewedMillis, long workedUntilMillis, long validUntilMillis) {}

    LeaseTable {
        members = Collections.unmodifiableMap(new TreeMap<>(members));
        slots = List.copyOf(slots);
    }

    /** No members, and slots that may be taken from a moment on. */
    static LeaseTable freeFrom(long millis) {
        return new LeaseTable(Map.of(), Collections.nCopies(Lease.SLOTS, Slot.freeFrom(millis)));
    }

    /**
     * Reads the JSON form.
     *
     * @param document the name of the service document that it is in
     * @throws DocumentException if it is none; nobody can tell then who owns what
     */
    static LeaseTable fromJson(String document, JsonNode json) {
        var members = new TreeMap<String, Member>();
        for (Map.Entry<String, JsonNode> member : json.path(MEMBERS).properties()) {
            JsonNode entry = member.getValue();
            boolean isRight = entry.path(INCARNATION).isTextual()
                    && entry.path(RENEWED_AT).canConvertToLong()
                    && entry.path(WORKED_UNTIL).canConvertToLong()
                    && entry.path(VALID_UNTIL).canConvertToLong();
            require(isRight, document, entry);
            members.put(
                    member.getKey(),
                    new Member(
                            entry.path(INCARNATION).textValue(),
                            entry.path(RENEWED_AT).longValue(),
                            entry.path(WORKED_UNTIL).longValue(),
                            entry.path(VALID_UNTIL).longValue()));
        }
        JsonNode slots = json.path(SLOTS);
        require(slots.isArray() && slots.size() == Lease.SLOTS, document, slots);
        var read = new ArrayList<Slot>(slots.size());
        for (JsonNode slot : slots) {
            require(slot.isTextual() || slot.canConvertToLong(), document, slot);
            read.add(slot.isTextual() ? Slot.of(slot.textValue()) : Slot.freeFrom(slot.longValue()));
        }
        return new LeaseTable(members, read);
    }

    private static void require(boolean isRight, String document, JsonNode found) {
        if (!isRight) {
            throw new DocumentException(new Problem(
                    Shown.named("service", document),
                    "the leases cannot be read at " + Shown.of(found)
                            + ": members, each with incarnation, renewed_at, worked_until and valid_until, and "
                            + Lease.SLOTS
                            + " slots are needed; remove the document and it is made anew"));
        }
    }

    /** The JSON form, with what else there was in an earlier one. */
    ObjectNode toJson(JsonNode before) {
        ObjectNode json = before.isObject() ? before.deepCopy() : JsonNodeFactory.instance.objectNode();
        ObjectNode written = json.putObject(MEMBERS);
        members.forEach((name, member) -> {
            JsonNode known = before.path(MEMBERS).path(name);
            ObjectNode entry = known.isObject() ? known.deepCopy() : JsonNodeFactory.instance.objectNode();
            entry.put(INCARNATION, member.incarnation())
                    .put(RENEWED_AT, member.renewedMillis())
                    .put(WORKED_UNTIL, member.workedUntilMillis())
                    .put(VALID_UNTIL, member.validUntilMillis());
            written.set(name, entry);
        });
        ArrayNode list = json.putArray(SLOTS);
        for (Slot slot : slots) {
            if (slot.isFree()) {
                list.add(slot.freeFromMillis());
            } else {
                list.add(slot.owner());
            }
        }
        return json;
    }

    /** The same without one member; what it owned may be taken from a moment on. */
    LeaseTable without(String member, long freeFromMillis) {
        var others = new TreeMap<>(members);
        others.remove(member);
        return new LeaseTable(
                others,
                slots.stream()
                        .map(slot -> slot.owner().equals(member) ? Slot.freeFrom(freeFromMillis) : slot)
                        .toList());
    }
}
