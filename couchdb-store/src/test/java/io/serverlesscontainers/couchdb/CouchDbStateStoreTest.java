package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.tck.StateStoreTck;

class CouchDbStateStoreTest extends StateStoreTck {
    @Override
    protected StateStore open() {
        return CouchDbLike.shared().store(CouchDbLike.newPrefix()).build();
    }
}
