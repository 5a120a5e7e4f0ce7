package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.tck.StateStoreTck;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class DurableStateStoreTest extends StateStoreTck {
    @TempDir
    private Path directory;

    @Override
    protected StateStore open() {
        return InMemoryStateStore.open(directory.resolve("state.jsonl"));
    }
}
