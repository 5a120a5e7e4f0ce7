package io.serverlesscontainers.examples.service.http;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A line that asks with curl, as far as such lines are documented.
 *
 * @param text the line
 */
public record CurlLine(String text) {
    private static final Pattern WORD = Pattern.compile("'([^']*)'|\"([^\"]*)\"|(\\S+)");

    /** Asks a server, whatever host the line names, and tells status and body. */
    public String ask(HttpClient client, URI server) throws IOException, InterruptedException {
        String method = null;
        String body = null;
        URI url = null;
        var headers = new ArrayList<String>();
        Iterator<String> words = words().iterator();
        words.next(); // curl
        while (words.hasNext()) {
            String word = words.next();
            switch (word) {
                case "-X" -> method = words.next();
                case "-d" -> {
                    body = words.next();
                    headers.add("Content-Type: application/x-www-form-urlencoded"); // what curl says by itself
                }
                case "-H" -> {
                    headers.removeIf(header -> header.startsWith("Content-Type"));
                    headers.add(words.next());
                }
                default -> url = URI.create(word);
            }
        }
        var request = HttpRequest.newBuilder(
                server.resolve(url.getRawPath() + (url.getRawQuery() == null ? "" : "?" + url.getRawQuery())));
        request.method(
                method == null ? body == null ? "GET" : "POST" : method,
                body == null ? BodyPublishers.noBody() : BodyPublishers.ofString(body));
        for (String header : headers) {
            request.header(header.substring(0, header.indexOf(':')), header.substring(header.indexOf(':') + 2));
        }
        HttpResponse<String> answer = client.send(request.build(), BodyHandlers.ofString());
        return answer.statusCode() + " " + answer.body().strip();
    }

    private List<String> words() {
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
