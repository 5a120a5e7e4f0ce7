package io.serverlesscontainers.core.scaler;

import java.io.Serial;

/** A container cannot be taken under a host's account; nothing was changed. The message says why. */
public final class AdmissionException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    AdmissionException(String sentence) {
        super(sentence);
    }
}
