package io.serverlesscontainers.store.document;

import java.util.Objects;

/**
 * Something wrong with one named thing, said in one sentence that a person can act on. It is data, not an exception:
 * the thing that has it is left alone and all others go on.
 *
 * @param subject what it is about: {@code limits 'cont0'}, {@code container 'web-1'}
 * @param sentence the field, the value found and what is allowed
 */
public record Problem(String subject, String sentence) {
    /** Both parts are needed. */
    public Problem {
        Objects.requireNonNull(subject, "subject");
        Objects.requireNonNull(sentence, "sentence");
    }

    /** Subject and sentence as one line. */
    @Override
    public String toString() {
        return subject + ": " + sentence;
    }
}
