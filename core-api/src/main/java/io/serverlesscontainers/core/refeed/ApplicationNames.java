package io.serverlesscontainers.core.refeed;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import io.serverlesscontainers.store.document.Structure;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;

/** A list of names in a user's document, which knows no field for it. */
final class ApplicationNames {
    private ApplicationNames() {}

    /** Adds the names of one field to others, all or none; what is wrong with it, if it is no list of names. */
    static Optional<Problem> in(Structure user, String field, Collection<String> names) {
        JsonNode list = user.otherFields().get(field);
        if (list == null || list.isNull()) {
            return Optional.empty();
        }
        List<String> read = new ArrayList<>();
        list.forEach(element -> read.add(element.textValue()));
        // textValue() of what is no text is null.
        if (!list.isArray() || read.contains(null)) {
            return Optional.of(Problem.ofField(
                    Shown.named("user", user.name()),
                    JsonPointer.empty().appendProperty(field),
                    "is " + Shown.of(list) + ", a list of names of applications is needed"));
        }
        names.addAll(read);
        return Optional.empty();
    }
}
