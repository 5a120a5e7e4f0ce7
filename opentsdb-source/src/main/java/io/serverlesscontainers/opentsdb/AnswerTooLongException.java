package io.serverlesscontainers.opentsdb;

import java.io.IOException;
import java.io.Serial;

/** An answer of more bytes than are taken. */
final class AnswerTooLongException extends IOException {
    @Serial
    private static final long serialVersionUID = 1;

    AnswerTooLongException(long most) {
        super("the answer is longer than " + most + " bytes, which is the most that is read");
    }
}
