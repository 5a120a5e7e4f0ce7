package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.store.StateStore;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;

/** A store that crashes its process just before, or just after, one of a Scaler's calls. */
final class StoreThatDies {
    /** Where it crashes. */
    enum Step {
        BEFORE_REMOVE("removeRequests", false),
        AFTER_REMOVE("removeRequests", true),
        BEFORE_STATE("changeAll", false),
        AFTER_STATE("changeAll", true),
        BEFORE_RETRY("addRequests", false),
        AFTER_RETRY("addRequests", true);

        private final String method;
        private final boolean afterwards;

        Step(String method, boolean afterwards) {
            this.method = method;
            this.afterwards = afterwards;
        }
    }

    private StoreThatDies() {}

    static StateStore at(Step step, StateStore store) {
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    boolean here = method.getName().equals(step.method);
                    if (here && !step.afterwards) {
                        throw new HostOnPaper.Crash();
                    }
                    try {
                        Object result = method.invoke(store, arguments);
                        if (here) {
                            throw new HostOnPaper.Crash();
                        }
                        return result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
