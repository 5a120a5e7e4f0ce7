package io.serverlesscontainers.examples.endtoend;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.service.JarProcess;
import io.serverlesscontainers.policy.StockRules;
import io.serverlesscontainers.store.document.Rule;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.Map;

/** All services of an installation with one host, each in a process of its own. */
final class Services implements AutoCloseable {
    private static final String DOCUMENTS = "services.yaml";

    private final Path directory;
    private final Map<String, String> environment;
    private final Map<String, JarProcess> processes = new LinkedHashMap<>();

    /** None runs yet, and there are no documents. */
    Services(Path directory, String couchDb, String openTsdb) {
        this.directory = directory;
        this.environment = Map.of("SERVERLESS_CONTAINERS_COUCHDB", couchDb, "SERVERLESS_CONTAINERS_OPENTSDB", openTsdb);
    }

    /** Writes the documents to start with: services that are in a hurry, the stock rules, and no structure. */
    void init() throws IOException, InterruptedException {
        Path documents = Files.createDirectory(directory.resolve("documents"));
        try (InputStream services = Services.class.getResourceAsStream(DOCUMENTS)) {
            Files.copy(services, documents.resolve(DOCUMENTS));
        }
        new ObjectMapper()
                .writeValue(
                        documents.resolve("rules.json").toFile(),
                        StockRules.documents().stream().map(Rule::toJson).toList());
        var init = new JarProcess("init", directory, environment, "init", "--documents", documents.toString());
        assertThat(init.runToItsEnd()).as(init.log()).isZero();
    }

    /** Starts all, one beside the other, and waits until each is reached. */
    void start() throws IOException {
        add("container-scaler");
        add("orchestrator");
        add("guardian", "--name", "one");
        add("scaler", "--name", "one");
        add("structure-snapshoter");
        add("database-snapshoter");
        add("refeeder");
        add("sanity-checker");
        add("metrics-feeder", "--interval", "1");
        for (JarProcess each : all()) {
            each.url();
        }
    }

    private JarProcess add(String command, String... options) throws IOException {
        var arguments = new String[options.length + 1];
        arguments[0] = command;
        System.arraycopy(options, 0, arguments, 1, options.length);
        return add(command, new JarProcess(command, directory, environment, arguments));
    }

    private JarProcess add(String name, JarProcess process) throws IOException {
        processes.put(name, process);
        process.start();
        return process;
    }

    /** Starts another one of a kind. */
    JarProcess startAnother(String command) throws IOException {
        String name = "another-" + command;
        return add(name, new JarProcess(name, directory, environment, command, "--name", "another"));
    }

    JarProcess get(String command) {
        return processes.get(command);
    }

    Collection<JarProcess> all() {
        return processes.values();
    }

    /** What each said last. */
    String tails() throws IOException {
        var tails = new StringBuilder();
        for (JarProcess each : all()) {
            tails.append('\n').append(each.tail());
        }
        return tails.toString();
    }

    @Override
    public void close() {
        all().forEach(JarProcess::close);
    }
}
