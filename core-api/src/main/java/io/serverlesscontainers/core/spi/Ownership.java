package io.serverlesscontainers.core.spi;

/**
 * Which structures, or hosts, are one service's to work on, where several of its kind run on one installation. The
 * answer may change at any moment from yes to no, and so is asked again right before something is written.
 */
@FunctionalInterface
public interface Ownership {

    /** Whether the structure, or host, of this name is this service's now. May be called by any thread, and is cheap. */
    boolean owns(String name);

    /** Of a service that is alone: all is its own. */
    static Ownership everything() {
        return name -> true;
    }
}
