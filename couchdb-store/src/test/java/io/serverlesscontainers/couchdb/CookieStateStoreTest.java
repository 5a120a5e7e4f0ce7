package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.tck.StateStoreTck;

/** The same for a store that signs on, and in small pages. */
class CookieStateStoreTest extends StateStoreTck {
    @Override
    protected StateStore open() {
        return CouchDbLike.shared()
                .store(CouchDbLike.newPrefix())
                .cookies()
                .pageSize(100)
                .build();
    }
}
