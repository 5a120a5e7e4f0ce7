package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.tck.StateStoreTck;
import org.junit.jupiter.api.Tag;

/** The whole contract once more, at a server that answers as a cluster of CouchDB 3.5 does. */
@Tag("long")
class ClusterStoreTest extends StateStoreTck {
    @Override
    protected StateStore open() {
        return CouchDbLike.cluster().store(CouchDbLike.newPrefix()).build();
    }
}
