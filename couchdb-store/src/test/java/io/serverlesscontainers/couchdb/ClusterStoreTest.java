package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.tck.StateStoreTck;

/** The whole contract once more, at a server that answers as a cluster of CouchDB 3.5 does. */
class ClusterStoreTest extends StateStoreTck {
    @Override
    protected StateStore open() {
        return CouchDbLike.cluster().store(CouchDbLike.newPrefix()).build();
    }
}
