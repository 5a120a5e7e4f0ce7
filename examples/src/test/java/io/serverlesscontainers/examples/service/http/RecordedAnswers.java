package io.serverlesscontainers.examples.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;

/**
 * Documented lines ({@code $ curl …}), each with the status and the body that somebody has read and found right. An answer
 * that ends with an ellipsis goes on in any way.
 */
public final class RecordedAnswers {
    private static final String MORE = "…";
    private static final String LINE = "$ ";
    private static final String ASKING = "$ curl ";

    private static final Set<Integer> OF_WRONG_REQUESTS = Set.of(400, 404, 413);

    private final String name;
    private final List<String> lines;

    /** Those in a resource beside a class. */
    public RecordedAnswers(Class<?> beside, String resource) throws IOException {
        name = resource;
        try (InputStream recorded = beside.getResourceAsStream(resource)) {
            lines = new String(recorded.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .toList();
        }
    }

    /**
     * Asks all of it, in its order. What was got is left in {@code target}, to be read after a change.
     *
     * @param other does what a line says that does not ask
     * @param same takes out of an answer what is another each time
     */
    public void check(URI server, Consumer<String> other, UnaryOperator<String> same) throws Exception {
        check(server, other, line -> line, same);
    }

    /**
     * The same.
     *
     * @param before puts into a line what is another each time
     */
    public void check(URI server, Consumer<String> other, UnaryOperator<String> before, UnaryOperator<String> same)
            throws Exception {
        HttpClient client = HttpClient.newHttpClient();
        var got = new ArrayList<String>();
        for (String line : lines) {
            if (line.startsWith(ASKING)) {
                got.add(line);
                got.add(same.apply(new CurlLine(before.apply(line.substring(LINE.length()))).ask(client, server)));
            } else if (!line.isEmpty() && Character.isDigit(line.charAt(0))) {
                int last = got.size() - 1;
                boolean begins = got.get(last).startsWith(line.substring(0, line.length() - 1));
                if (line.endsWith(MORE) && begins) {
                    got.set(last, line);
                }
            } else {
                got.add(line);
                if (line.startsWith(LINE)) {
                    other.accept(line.substring(LINE.length()));
                }
            }
        }
        Files.write(Path.of("target", name), got);
        assertThat(String.join("\n", got)).isEqualTo(String.join("\n", lines));
    }

    /**
     * Checks that a description and all answers together are complete and agree: everything that can be asked for is
     * answered as wanted, and, where a request can be wrong, refused; no answer has a status that the description does not
     * know there, and each status of the description is seen somewhere.
     */
    public static void checkCover(Description description, RecordedAnswers... recorded) {
        var seen = new TreeMap<String, Set<Integer>>();
        description.operations().forEach(operation -> seen.put(operation, new TreeSet<>()));
        for (RecordedAnswers file : recorded) {
            for (int i = 0; i < file.lines.size(); i++) {
                if (file.lines.get(i).startsWith(ASKING)) {
                    var line = new CurlLine(file.lines.get(i).substring(LINE.length()));
                    int status = Integer.parseInt(file.lines.get(i + 1).substring(0, 3));
                    Optional<String> operation = description.operation(line.method(), line.path());
                    operation.ifPresentOrElse(
                            it -> seen.get(it).add(status),
                            () -> assertThat(status).as(line.path()).isIn(401, 404, 405));
                }
            }
        }
        var known = new TreeSet<Integer>();
        var everSeen = new TreeSet<Integer>();
        seen.forEach((operation, statuses) -> {
            Set<Integer> possible = description.statuses(operation);
            assertThat(possible).as(operation).containsAll(statuses);
            assertThat(statuses).as(operation).anyMatch(status -> status < 300);
            if (possible.stream().anyMatch(OF_WRONG_REQUESTS::contains)) {
                assertThat(statuses).as(operation).anyMatch(OF_WRONG_REQUESTS::contains);
            }
            known.addAll(possible);
            everSeen.addAll(statuses);
        });
        assertThat(everSeen).isEqualTo(known);
    }

    /** Checks that lines of a document that ask a port are here with the same answer; how many there are. */
    public int checkShownIn(Path document, int port) throws IOException {
        List<String> shown = Files.readAllLines(document);
        int found = 0;
        for (int i = 0; i < shown.size(); i++) {
            if (shown.get(i).startsWith(ASKING) && shown.get(i).contains(":" + port + "/")) {
                int line = lines.indexOf(shown.get(i));
                assertThat(line).as(shown.get(i)).isNotNegative();
                assertThat(lines.get(line + 1)).as(shown.get(i)).endsWith(" " + shown.get(i + 1));
                found++;
            }
        }
        return found;
    }
}
