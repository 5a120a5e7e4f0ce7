package io.serverlesscontainers.core.lease;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.StateStoreException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** A store that is out of reach when it is told to be, and counts what it is asked. */
final class FailingStore {
    /** What becomes of a call. */
    enum Way {
        ANSWERS,
        /** It never arrives. */
        FAILS,
        /** It arrives and is carried out, the answer is lost. */
        LOSES_THE_ANSWER
    }

    private final StateStore store;
    private final List<String> calls = new ArrayList<>();
    private Way way = Way.ANSWERS;
    private String lastCall = "";
    private Map<String, Runnable> answering = Map.of();

    FailingStore(StateStore store) {
        this.store = store;
    }

    void set(Way next) {
        way = next;
    }

    /** Is out of reach from the next call of a method on, as for a process that is killed there. */
    void failFrom(String method) {
        lastCall = method;
    }

    /** Lets something happen after each call of a method was carried out, before it is answered. */
    void whenAnswering(String method, Runnable happening) {
        answering = Map.of(method, happening);
    }

    List<String> calls() {
        return calls;
    }

    StateStore asStore() {
        return (StateStore) Proxy.newProxyInstance(
                StateStore.class.getClassLoader(), new Class<?>[] {StateStore.class}, (proxy, method, arguments) -> {
                    calls.add(method.getName());
                    if (method.getName().equals(lastCall)) {
                        way = Way.FAILS;
                    }
                    if (way == Way.FAILS) {
                        throw new StateStoreException("the store is out of reach");
                    }
                    try {
                        Object result = method.invoke(store, arguments);
                        answering.getOrDefault(method.getName(), () -> {}).run();
                        if (way == Way.LOSES_THE_ANSWER) {
                            throw new StateStoreException("the connection was lost");
                        }
                        return result;
                    } catch (InvocationTargetException failed) {
                        throw failed.getCause();
                    }
                });
    }
}
