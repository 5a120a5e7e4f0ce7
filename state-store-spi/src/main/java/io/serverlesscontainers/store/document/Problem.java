package io.serverlesscontainers.store.document;

import com.fasterxml.jackson.core.JsonPointer;
import java.util.Objects;
import java.util.Optional;

/**
 * Something wrong with one named thing, said in one sentence that a person can act on. It is data, not an exception:
 * the thing that has it is left alone and all others go on.
 *
 * @param subject what it is about: {@code limits 'cont0'}, {@code container 'web-1'}
 * @param field the field of a document that is wrong (RFC 6901); empty if it is about no field
 * @param sentence the field, the value found and what is allowed
 */
public record Problem(String subject, Optional<JsonPointer> field, String sentence) {
    /** All parts are needed. */
    public Problem {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(field, "field");
        Objects.requireNonNull(sentence, "sentence");
    }

    /** Something wrong that is no field's fault. */
    public Problem(String subject, String sentence) {
        this(subject, Optional.empty(), sentence);
    }

    /** Something wrong with one field: the sentence is its pointer and {@code whatIsWrong}. */
    public static Problem ofField(String subject, JsonPointer field, String whatIsWrong) {
        return new Problem(subject, Optional.of(field), Shown.of(field) + " " + whatIsWrong);
    }

    /** Subject and sentence as one line. */
    @Override
    public String toString() {
        return subject + ": " + sentence;
    }
}
