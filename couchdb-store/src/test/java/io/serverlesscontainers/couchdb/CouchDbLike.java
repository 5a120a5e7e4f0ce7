package io.serverlesscontainers.couchdb;

import io.serverlesscontainers.core.tck.RealThings;
import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.net.URL;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import okhttp3.Credentials;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;

/**
 * A server that answers like CouchDB, on a free port of the loopback interface, in a process of its own that ends with
 * the tests'. One serves most tests of a JVM; each test takes databases of its own.
 */
public final class CouchDbLike implements AutoCloseable {
    static final String USER = "admin";
    static final String PASSWORD = "secret word";

    private static final Pattern LISTENING = Pattern.compile("listening on (https?://[^ ]+)");
    private static final String[] FILES = {"server.js", "cluster.js", "front.js", "package.json"};
    private static final OkHttpClient CLIENT = new OkHttpClient();
    private static final AtomicInteger PREFIXES = new AtomicInteger();

    private static CouchDbLike shared;
    private static CouchDbLike cluster;

    private final String[] options;
    private Process process;
    private String url;
    private String secureUrl;

    private CouchDbLike(String... options) {
        this.options = options;
    }

    /** The server of this JVM; skips the test if there cannot be one. */
    public static synchronized CouchDbLike shared() {
        if (shared == null) {
            shared = start();
        }
        return shared;
    }

    /** Another one that answers as a cluster of CouchDB 3.5 does, and soon ends what was signed on. */
    static synchronized CouchDbLike cluster() {
        if (cluster == null) {
            cluster = start("--cluster", "--session=1");
        }
        return cluster;
    }

    /** One of its own, with options of {@code server.js}. */
    public static CouchDbLike start(String... options) {
        RealThings.require(onPath("node") && onPath("npm"), "node and npm are needed to run a server like CouchDB");
        var server = new CouchDbLike(options);
        server.run("0");
        return server;
    }

    /** Ends it as {@code kill -9} does, in the middle of whatever it does. */
    void kill() {
        try {
            process.destroyForcibly().waitFor();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** After {@link #kill}, on the same port; returns when it listens. */
    void startAgain() {
        run(Integer.toString(URI.create(url).getPort()));
    }

    private void run(String port) {
        try {
            Path folder = installed();
            RealThings.require(folder != null, "npm could not install a server like CouchDB");
            List<String> command = new ArrayList<>(List.of("node", "server.js", port, USER + ":" + PASSWORD));
            command.addAll(List.of(options));
            process = new ProcessBuilder(command)
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .start();
            var output = new BufferedReader(new InputStreamReader(process.getInputStream(), StandardCharsets.UTF_8));
            var said = new ArrayList<String>();
            for (String line = output.readLine(); line != null; line = output.readLine()) {
                said.add(line);
                Matcher matcher = LISTENING.matcher(line);
                if (!matcher.find()) {
                    continue;
                }
                if (matcher.group(1).startsWith("https:")) {
                    secureUrl = matcher.group(1);
                    continue;
                }
                url = matcher.group(1); // the last one that it says
                drain(output);
                return;
            }
            throw new AssertionError("the server ended with " + process.waitFor() + ": " + said);
        } catch (IOException e) {
            throw new AssertionError(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new AssertionError(e);
        }
    }

    /** Should it end by itself, its last words are worth reading. */
    private static void drain(BufferedReader output) {
        var thread = new Thread(() -> output.lines().forEach(System.err::println), "couchdb-like-output");
        thread.setDaemon(true);
        thread.start();
    }

    /** Copies the server to the build's folder and has npm install what it needs, once; null if npm cannot. */
    private static synchronized Path installed() throws IOException, InterruptedException {
        Path module = module();
        Path folder = module.resolve("target").resolve("couchdb-like");
        Path done = folder.resolve("installed");
        Files.createDirectories(folder);
        for (String file : FILES) {
            Files.copy(
                    module.resolve("src/test/couchdb-like").resolve(file),
                    folder.resolve(file),
                    StandardCopyOption.REPLACE_EXISTING);
        }
        if (!Files.exists(done)) {
            Process npm = new ProcessBuilder(
                            "npm", "install", "--ignore-scripts", "--no-package-lock", "--no-audit", "--no-fund")
                    .directory(folder.toFile())
                    .redirectErrorStream(true)
                    .redirectOutput(folder.resolve("npm.log").toFile())
                    .start();
            if (!npm.waitFor(3, TimeUnit.MINUTES) || npm.exitValue() != 0) {
                npm.destroyForcibly();
                return null;
            }
            Files.createFile(done);
        }
        return folder;
    }

    /** The module that this class comes from, also where another one's tests use it, and all find it installed. */
    private static Path module() {
        URL classes = CouchDbLike.class.getProtectionDomain().getCodeSource().getLocation();
        return Path.of(URI.create(classes.toString())).getParent().getParent();
    }

    private static boolean onPath(String program) {
        String path = System.getenv().getOrDefault("PATH", "");
        return Arrays.stream(path.split(File.pathSeparator))
                .anyMatch(folder -> Files.isExecutable(Path.of(folder, program)));
    }

    /** {@code http://127.0.0.1:PORT/} */
    public String url() {
        return url;
    }

    /** {@code https://127.0.0.1:PORT/}, of one with {@code --tls}. */
    String secureUrl() {
        return secureUrl;
    }

    @Override
    public void close() {
        kill();
    }

    /** Asks the server past any store, as another program would; returns the answer's body. */
    String request(String method, String path, String json) throws IOException {
        Request request = new Request.Builder()
                .url(url + path)
                .header("Authorization", Credentials.basic(USER, PASSWORD))
                .method(
                        method,
                        json == null && method.equals("GET")
                                ? null
                                : RequestBody.create(json == null ? "" : json, Http.JSON))
                .build();
        try (Response response = CLIENT.newCall(request).execute()) {
            return response.body().string();
        }
    }

    /** The same with its user and password in it. */
    public String urlWithUser() {
        return url.replace("://", "://" + USER + ":" + PASSWORD.replace(" ", "%20") + "@");
    }

    /** What must be in no log. */
    public String password() {
        return PASSWORD;
    }

    /** A prefix for databases that no other test uses. */
    public static String newPrefix() {
        return "t" + PREFIXES.incrementAndGet() + "_";
    }

    /** A store on databases of its own, with short waits. */
    public CouchDbStateStoreBuilder store(String prefix) {
        return store(url, prefix);
    }

    /** The same at another URL: that of something in between. */
    static CouchDbStateStoreBuilder store(String url, String prefix) {
        return CouchDbStateStore.builder(url)
                .user(USER, PASSWORD)
                .databases(name -> prefix + name)
                .retryInterval(Duration.ofMillis(200))
                .pollTimeout(Duration.ofSeconds(1));
    }
}
