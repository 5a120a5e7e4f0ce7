package io.serverlesscontainers.couchdb;

import java.util.Optional;
import java.util.Set;

/** What this process holds of one database. Changed by one thread at a time, which has the database's turn. */
interface Replica {
    /** The revision held of an {@code _id}; empty if it is not held. */
    Optional<String> revision(String id);

    /** Takes in what the server says. */
    void put(Row row);

    /** Drops all but these. */
    void retain(Set<String> ids);
}
