package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.tck.StateStoreTck;

class InMemoryStateStoreTest extends StateStoreTck {
    @Override
    protected StateStore open() {
        return new InMemoryStateStore();
    }
}
