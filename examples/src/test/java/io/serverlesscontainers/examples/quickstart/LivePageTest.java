package io.serverlesscontainers.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.serverlesscontainers.examples.quickstart.plot.ResourceSeries;
import io.serverlesscontainers.examples.quickstart.plot.Span;
import io.serverlesscontainers.examples.quickstart.plot.TimedReading;
import io.serverlesscontainers.examples.quickstart.plot.UsagePlot;
import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.examples.quickstart.terminal.Row;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.net.ConnectException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The page over a real socket. */
class LivePageTest {
    private static final Reading READING = new Reading(20, 100, Double.NaN, Double.NaN, 10, 100);

    private final HttpClient client = HttpClient.newHttpClient();
    private final List<TimedReading> samples = new ArrayList<>();
    private LivePage page;

    @BeforeEach
    void open() throws IOException {
        page = LivePage.open(
                0,
                () -> List.of(new Row("cont0", Resource.CPU, READING, "limit 50 to 100 shares")),
                () -> List.of(plot("cont0"), plot("cont1")));
    }

    @AfterEach
    void close() {
        page.close();
    }

    @Test
    void theBrowserIsGivenBothPlotsAsTheyAreNow() throws Exception {
        String before = get("").body();
        samples.add(new TimedReading(1, READING));
        samples.add(new TimedReading(2, READING));

        HttpResponse<String> after = get("");

        assertThat(after.headers().firstValue("Content-Type")).contains("text/html; charset=utf-8");
        assertThat(after.body())
                .startsWith("<!DOCTYPE html>")
                .contains(plot("cont0").toSvg(), plot("cont1").toSvg());
        assertThat(before).isNotEqualTo(after.body()).contains("<svg");
        assertThat(get("plots").body())
                .startsWith("<svg")
                .contains(plot("cont1").toSvg());
    }

    @Test
    void programsAreGivenTheLatestReadings() throws Exception {
        JsonNode state = new ObjectMapper().readTree(get("state.json").body());

        assertThat(state).hasSize(1);
        assertThat(state.get(0))
                .isEqualTo(new ObjectMapper()
                        .readTree("{\"container\":\"cont0\",\"resource\":\"cpu\",\"unit\":\"shares\",\"min\":10.0,"
                                + "\"lower\":null,\"usage\":20.0,\"upper\":null,\"limit\":100.0,\"max\":100.0,"
                                + "\"lastDecision\":\"limit 50 to 100 shares\"}"));
    }

    @Test
    void nothingElseIsThere() throws Exception {
        assertThat(get("etc/passwd").statusCode()).isEqualTo(404);
        var post = HttpRequest.newBuilder(page.address())
                .POST(BodyPublishers.ofString("x"))
                .build();
        assertThat(client.send(post, BodyHandlers.discarding()).statusCode()).isEqualTo(405);
    }

    @Test
    void onlyThisMachineCanReachIt() {
        assertThat(page.address().getHost()).isEqualTo("127.0.0.1");
    }

    @Test
    void aTakenPortIsNamedInOneSentence() {
        int taken = page.address().getPort();

        assertThatThrownBy(() -> LivePage.open(taken, List::of, List::of))
                .isInstanceOf(IOException.class)
                .hasMessage("--port " + taken + " cannot be used: Address already in use; 0 takes a free one");
    }

    @Test
    void onceClosedItIsGone() {
        page.close();

        assertThatThrownBy(() -> get("")).isInstanceOf(ConnectException.class);
    }

    private HttpResponse<String> get(String path) throws Exception {
        URI address = page.address().resolve(path);
        return client.send(HttpRequest.newBuilder(address).build(), BodyHandlers.ofString());
    }

    private UsagePlot plot(String name) {
        return new UsagePlot(
                name,
                "what there is to see",
                List.of(new Span("traditional", 0, 10, false)),
                List.of(new ResourceSeries(Resource.CPU, samples, List.of())));
    }
}
