package io.serverlesscontainers.core.spi;

import java.io.Serial;

/** A cgroup could not be read or written. The message names the path, the value written and the kernel's errno. */
public class CgroupException extends RuntimeException {
    @Serial
    private static final long serialVersionUID = 1;

    /** An exception with one sentence. */
    public CgroupException(String sentence) {
        super(sentence);
    }

    /** An exception with one sentence and what led to it. */
    public CgroupException(String sentence, Throwable cause) {
        super(sentence, cause);
    }
}
