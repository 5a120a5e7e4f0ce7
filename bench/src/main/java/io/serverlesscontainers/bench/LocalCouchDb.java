package io.serverlesscontainers.bench;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.HttpUrl;

/** The server like CouchDB that the store is tested with, in a process of its own; it ends with this one. */
final class LocalCouchDb implements AutoCloseable {
    private static final Path FOLDER = Path.of("couchdb-store", "target", "couchdb-like");
    private static final Pattern LISTENING = Pattern.compile("listening on (http://[^ ]+)");
    private static final String USER = "admin";
    private static final String PASSWORD = "bench";

    private final Process process;
    private final HttpUrl url;

    private LocalCouchDb(Process process, HttpUrl url) {
        this.process = process;
        this.url = url;
    }

    /**
     * Starts it, from the folder of the whole project.
     *
     * @throws IllegalStateException if the tests of the store have not installed it
     */
    static LocalCouchDb start() throws IOException {
        if (!Files.isDirectory(FOLDER.resolve("node_modules"))) {
            throw new IllegalStateException(
                    "there is no " + FOLDER
                            + "/node_modules here; run a test of couchdb-store, which installs it, or name the URL of a server");
        }
        Process process = new ProcessBuilder("node", "server.js", "0", USER + ":" + PASSWORD)
                .directory(FOLDER.toFile())
                .redirectErrorStream(true)
                .start();
        var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
        for (String line = output.readLine(); line != null; line = output.readLine()) {
            Matcher listening = LISTENING.matcher(line);
            if (listening.find()) {
                drain(output);
                HttpUrl url = HttpUrl.get(listening.group(1));
                return new LocalCouchDb(
                        process,
                        url.newBuilder().username(USER).password(PASSWORD).build());
            }
        }
        throw new IOException("the server like CouchDB did not start");
    }

    /** Should it end by itself, its last words are worth reading. */
    private static void drain(BufferedReader output) {
        var thread = new Thread(() -> output.lines().forEach(System.err::println), "couchdb-like-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** With user and password. */
    HttpUrl url() {
        return url;
    }

    @Override
    public void close() {
        process.destroyForcibly();
    }
}
