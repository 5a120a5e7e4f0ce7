package io.serverlesscontainers.examples.service;

import java.net.URI;
import java.util.Optional;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** Where the state of an installation is, and its time series. */
public final class StateOptions {
    private static final int MOST_SERIES = 8_000;

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

    private int openTsdbSeries;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec specification;

    /**
     * The CouchDB, which must be named.
     *
     * @throws ParameterException if it is not
     */
    public String requireCouchDb() {
        return require("--couchdb", couchDb, "the CouchDB with the state");
    }

    /**
     * The OpenTSDB, which must be named.
     *
     * @throws ParameterException if it is not
     */
    public String requireOpenTsdb() {
        return require("--opentsdb", openTsdb, "the OpenTSDB with the usage");
    }

    @Option(
            names = "--opentsdb-series",
            paramLabel = "NUMBER",
            defaultValue = "1000",
            description = "How many series a query of usage may ask for, 1 to 8000 (default: ${DEFAULT-VALUE})."
                    + " More than 1000 only if OpenTSDB runs with -Xss16m: it never answers otherwise.")
    private void openTsdbSeries(int most) {
        if (most < 1 || most > MOST_SERIES) {
            throw new ParameterException(
                    specification.commandLine(),
                    "--opentsdb-series is " + most + ", 1 to " + MOST_SERIES + " are allowed");
        }
        openTsdbSeries = most;
    }

    /** How many series may be asked of the OpenTSDB in one query. */
    public int openTsdbSeries() {
        return openTsdbSeries;
    }

    private String require(String option, URI given, String what) {
        if (given == null) {
            throw new ParameterException(
                    specification.commandLine(), option + " is missing, the URL of " + what + " is needed");
        }
        return given.toString();
    }

    /** The CouchDB, if one is named. */
    public Optional<URI> couchDb() {
        return Optional.ofNullable(couchDb);
    }

    /** The OpenTSDB, if one is named. */
    public Optional<URI> openTsdb() {
        return Optional.ofNullable(openTsdb);
    }
}
