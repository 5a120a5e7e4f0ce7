package io.serverlesscontainers.examples.service.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A line that asks with curl, as far as such lines are documented. */
public final class CurlLine {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");
    private static final int FILE_BYTES = 2 << 20;

    private final List<String> headers = new ArrayList<>();
    private final String method;
    private final String body;
    private final URI url;

    /** Reads a line. */
    public CurlLine(String text) {
        String said = null;
        String sent = null;
        URI asked = null;
        Iterator<String> words = words(text).iterator();
        words.next(); // curl
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "-X" -> said = words.next();
                case "-d" -> {
                    sent = words.next();
                    headers.add("Content-Type: application/x-www-form-urlencoded"); // what curl says by itself
                }
                case "-H" -> {
                    headers.removeIf(header -> header.startsWith("Content-Type"));
                    headers.add(words.next());
                }
                default -> asked = URI.create(word);
            }
        }
        url = asked;
        body = sent;
        method = said == null ? body == null ? "GET" : "POST" : said;
    }

    /** The method that it asks with. */
    public String method() {
        return method;
    }

    /** The path that it asks for, without a slash at the end. */
    public String path() {
        return url.getRawPath().replaceFirst("/$", "");
    }

    /** Asks a server, whatever host the line names, and tells status and body. */
    public String ask(HttpClient client, URI server) throws IOException, InterruptedException {
        String target = url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery());
        if (body != null && body.startsWith("@")) {
            return announceFile(server, target);
        }
        var request = HttpRequest.newBuilder(server.resolve(target));
        request.method(method, body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (String header : headers) {
            request.header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body().strip();
    }

    /** Each file is one of 2 MiB; like curl it is not sent before the server says that it goes on. */
    private String announceFile(URI server, String target) throws IOException {
        try (var http = new RawHttp(server)) {
            String head = method + " " + target + " HTTP/1.1\r\nHost: localhost\r\nExpect: 100-continue\r\n"
                    + String.join("\r\n", headers) + "\r\nContent-Length: " + FILE_BYTES + "\r\n\r\n";
            RawHttp.Answer answer =
                    http.send(head.getBytes(StandardCharsets.US_ASCII)).answer();
            return answer.status() + " " + answer.body().strip();
        }
    }

    private static List<String> words(String text) {
        var words = new ArrayList<String>();
        Matcher matcher = WORD.matcher(text);
        while (matcher.find()) {
            for (int group = 1; group <= 3; group++) {
                if (matcher.group(group) != null) {
                    words.add(matcher.group(group));
                }
            }
        }
        return words;
    }
}
