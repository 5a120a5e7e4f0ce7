package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.store.document.Problem;
import java.util.List;

/** What the store has of one database. */
interface Table {
    Database database();

    Follower follower();

    List<Problem> problems();
}
