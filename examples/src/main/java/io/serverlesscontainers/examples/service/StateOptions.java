package io.serverlesscontainers.examples.service;

import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Option;

/** Where the state of an installation is, and its time series. */
public final class StateOptions {
    @Option(
            names = "--couchdb",
            paramLabel = "URL",
            description = "The CouchDB with the state, such as http://user:password@couchdb:5984.")
    private URI couchDb;

    @Option(
            names = "--opentsdb",
            paramLabel = "URL",
            description = "The OpenTSDB with the usage, such as http://opentsdb:4242.")
    private URI openTsdb;

    /** The CouchDB, if one is named. */
    public Optional<URI> couchDb() {
        return Optional.ofNullable(couchDb);
    }

    /** The OpenTSDB, if one is named. */
    public Optional<URI> openTsdb() {
        return Optional.ofNullable(openTsdb);
    }
}
