package io.serverlesscontainers.core.spi;

import java.util.function.BooleanSupplier;

/**
 * Which structures, or hosts, are one service's to work on, where several of its kind run on one installation. The
 * answer may change at any moment from yes to no, and so is asked again right before something is written. No answer
 * costs any I/O; any thread may ask.
 */
@FunctionalInterface
public interface Ownership {

    /** Whether the structure, or host, of this name is this service's now, so that it may write what it decided for it. */
    boolean owns(String name);

    /** Whether it may begin a window's work on it now: it is its own, and nobody has worked on it in this window. */
    default boolean mayBegin(String name) {
        return owns(name);
    }

    /**
     * For work that takes long: answers whether it has been this service's without a break since now. What others did
     * meanwhile, this work knows nothing of.
     */
    default BooleanSupplier unbroken(String name) {
        return () -> owns(name);
    }

    /** Of a service that is alone: all is its own. */
    static Ownership everything() {
        return name -> true;
    }
}
