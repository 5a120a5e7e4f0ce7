package io.serverlesscontainers.examples.quickstart;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.serverlesscontainers.examples.quickstart.plot.UsagePlot;
import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.examples.quickstart.terminal.Row;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * A page that shows a run while it goes on, to this machine only: {@code /} the plots so far, drawn anew every second,
 * and {@code /state.json} the latest readings.
 */
final class LivePage implements AutoCloseable {
    private final HttpServer server;
    private final Supplier<List<Row>> rows;
    private final Supplier<List<UsagePlot>> plots;

    private LivePage(HttpServer server, Supplier<List<Row>> rows, Supplier<List<UsagePlot>> plots) {
        this.server = server;
        this.rows = rows;
        this.plots = plots;
    }

    /**
     * Serves the page until it is closed, on a thread of its own.
     *
     * @param port where; 0 for any free one
     * @param rows the latest readings
     * @param plots the plots so far
     * @throws IOException if the port is taken
     */
    static LivePage open(int port, Supplier<List<Row>> rows, Supplier<List<UsagePlot>> plots) throws IOException {
        var address = new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
        HttpServer server;
        try {
            server = HttpServer.create(address, 0);
        } catch (BindException taken) {
            throw new IOException(
                    "--port " + port + " cannot be used: " + taken.getMessage() + "; 0 takes a free one", taken);
        }
        var page = new LivePage(server, rows, plots);
        server.createContext("/", page::answer);
        server.start();
        return page;
    }

    /** Where it is. */
    URI address() {
        InetSocketAddress bound = server.getAddress();
        return URI.create("http://" + bound.getAddress().getHostAddress() + ":" + bound.getPort() + "/");
    }

    @Override
    public void close() {
        server.stop(0);
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            if (!exchange.getRequestMethod().equals("GET")) {
                exchange.sendResponseHeaders(405, -1);
                return;
            }
            switch (exchange.getRequestURI().getPath()) {
                case "/" -> send(exchange, "text/html", html());
                case "/plots" -> send(exchange, "text/html", svg());
                case "/state.json" -> send(exchange, "application/json", state().toString());
                default -> exchange.sendResponseHeaders(404, -1);
            }
        }
    }

    private static void send(HttpExchange exchange, String type, String text) throws IOException {
        byte[] body = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(200, body.length);
        exchange.getResponseBody().write(body);
    }

    private String svg() {
        return plots.get().stream().map(UsagePlot::toSvg).collect(Collectors.joining("\n"));
    }

    private ArrayNode state() {
        ArrayNode state = JsonNodeFactory.instance.arrayNode();
        for (Row row : rows.get()) {
            Reading reading = row.reading();
            ObjectNode json = state.addObject();
            json.put("container", row.container());
            json.put("resource", row.resource().wireName());
            json.put("unit", row.resource().unit());
            put(json, "min", reading.min());
            put(json, "lower", reading.lower());
            put(json, "usage", reading.usage());
            put(json, "upper", reading.upper());
            put(json, "limit", reading.limit());
            put(json, "max", reading.max());
            json.put("lastDecision", row.lastDecision());
        }
        return state;
    }

    /** JSON has no number for what is not known. */
    private static void put(ObjectNode json, String field, double value) {
        json.put(field, Double.isNaN(value) ? null : (Double) value);
    }

    private String html() {
        try (InputStream page = LivePage.class.getResourceAsStream("live-page.html")) {
            Objects.requireNonNull(page, "live-page.html is missing in the jar");
            return new String(page.readAllBytes(), StandardCharsets.UTF_8).replace("<!-- plots -->", svg());
        } catch (IOException unreadable) {
            throw new UncheckedIOException("live-page.html cannot be read from the jar", unreadable);
        }
    }
}
