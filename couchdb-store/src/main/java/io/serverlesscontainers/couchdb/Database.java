package io.serverlesscontainers.couchdb;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.couchdb.HttpFailure.Reason;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Shown;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import okhttp3.HttpUrl;
import okhttp3.Request;
import okhttp3.RequestBody;

/** One database of the server: the few requests that the store makes. No document's name is ever part of a URL. */
final class Database {
    /** Beyond CouchDB's own default limit; such a document is not looked at. */
    private static final int MOST_CHARACTERS = 8_000_000;

    /** Tells a database from another one of the same name: it comes with neither replication nor changes. */
    private static final String MARKER = "serverless-containers";

    private static final Set<String> REFUSALS =
            Set.of("forbidden", "unauthorized", "bad_request", "doc_validation", "illegal_docid", "document_too_large");

    /** How often a database that was just made is asked for; in a cluster not all servers know it at once. */
    private static final int MOST_LOOKS = 6;

    private static final Duration FIRST_PAUSE = Duration.ofMillis(20);

    private final Http http;
    private final HttpUrl url;
    private final String name;

    /** What happened since a sequence: rows without documents, and the sequence to go on from. */
    record News(List<Row> rows, String sequence) {}

    /** What became of one document of a bulk write: its new revision, or the server's error. */
    record BulkResult(Optional<String> revision, String error, String reason) {
        boolean isConflict() {
            return error.equals("conflict");
        }

        /** Whether it was certainly not written, and why; in a cluster other errors may come of one server of several. */
        boolean isRefusal() {
            return REFUSALS.contains(error);
        }
    }

    Database(Http http, HttpUrl server, String name) {
        this.http = http;
        this.url = server.newBuilder()
                .addEncodedPathSegment(name.replace("/", "%2F").replace("+", "%2B")) // a server takes + for a space
                .build();
        this.name = name;
    }

    String name() {
        return name;
    }

    private String about() {
        return "database '" + name + "' at " + url.scheme() + "://" + url.host() + ":" + url.port();
    }

    /** The sequence of its latest change. The database is made if it is not there. */
    String sequence() {
        for (int look = 1; ; look++) {
            try {
                return latest();
            } catch (HttpFailure e) {
                if (e.status() != 404 || look == MOST_LOOKS) {
                    throw e;
                }
            }
            if (look == 1) {
                create();
            } else if (http.pause(FIRST_PAUSE.multipliedBy(1L << look - 2))) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private String latest() {
        ObjectNode info = http.ask(about(), get(url), Json::object).value();
        return info.path("update_seq").asText();
    }

    /** Makes it, unless it is there. */
    void create() {
        try {
            http.ask(about(), put(url, new byte[0]), Json::object);
        } catch (HttpFailure e) {
            if (e.status() != 412) {
                throw e;
            }
        }
    }

    /** A text that stays the same until the database is removed. */
    String identity() {
        HttpUrl marker =
                url.newBuilder().addPathSegment("_local").addPathSegment(MARKER).build();
        for (int attempt = 1; ; attempt++) {
            try {
                return http.ask(about(), get(marker), Json::object)
                        .value()
                        .path("instance")
                        .asText();
            } catch (HttpFailure e) {
                if (e.status() != 404 || attempt > 3) {
                    throw e;
                }
            }
            String instance = UUID.randomUUID().toString();
            ObjectNode mark = Json.MAPPER.createObjectNode().put("instance", instance);
            try {
                http.ask(about(), put(marker, Json.bytes(mark)), Json::object);
                return instance;
            } catch (HttpFailure e) {
                if (e.status() != 409) { // another program was first
                    throw e;
                }
            }
        }
    }

    /** The documents after an {@code _id}, at most {@code most}, in the order of their ids. */
    List<Row> page(Optional<String> after, int most) {
        HttpUrl.Builder asked =
                url.newBuilder().addPathSegment("_all_docs").addQueryParameter("limit", Integer.toString(most));
        after.map(id -> id + "\0") // the next possible one, whether or not this one is still there
                .map(Json.MAPPER.getNodeFactory()::textNode)
                .ifPresent(start -> asked.addQueryParameter("startkey", start.toString()));
        HttpUrl withDocuments = asked.build()
                .newBuilder()
                .addQueryParameter("include_docs", "true")
                .build();
        try {
            return rows(get(withDocuments));
        } catch (HttpFailure e) {
            if (e.reason() != Reason.UNREADABLE) {
                throw e;
            }
        }
        // One document spoils the page: its ids first, then the documents in ever smaller groups.
        var ids = new ArrayList<String>();
        http.ask(about(), get(asked.build()), json -> {
            ids.clear();
            return Json.rows(json, "rows", row -> ids.add(row.path("id").asText()));
        });
        return fetch(ids);
    }

    /** What there is of these ids now. One that the server's answer cannot be read for is unreadable. */
    List<Row> fetch(List<String> ids) {
        if (ids.isEmpty()) {
            return List.of();
        }
        ObjectNode body = Json.MAPPER.createObjectNode();
        ArrayNode keys = body.putArray("keys");
        ids.forEach(keys::add);
        HttpUrl asked = url.newBuilder()
                .addPathSegment("_all_docs")
                .addQueryParameter("include_docs", "true")
                .build();
        try {
            return rows(post(asked, Json.bytes(body)));
        } catch (HttpFailure e) {
            if (e.reason() != Reason.UNREADABLE) {
                throw e;
            }
            if (ids.size() == 1) {
                return List.of(unreadable(ids.get(0), e));
            }
            var rows = new ArrayList<Row>(fetch(ids.subList(0, ids.size() / 2)));
            rows.addAll(fetch(ids.subList(ids.size() / 2, ids.size())));
            return rows;
        }
    }

    /** If it is really the document that cannot be read, and not all that comes from there just now. */
    private Row unreadable(String id, HttpFailure failure) {
        ObjectNode body = Json.MAPPER.createObjectNode();
        body.putArray("keys").add(id);
        HttpUrl asked = url.newBuilder().addPathSegment("_all_docs").build();
        Row found = rows(post(asked, Json.bytes(body))).get(0);
        String sentence = failure.getMessage().substring(about().length() + ": ".length());
        return found.revision()
                .map(revision -> Row.unreadable(id, revision, new Problem(subject(id), sentence)))
                .orElse(found);
    }

    private List<Row> rows(Request request) {
        var rows = new ArrayList<Row>();
        http.ask(about(), request, json -> {
            rows.clear();
            return Json.rows(json, "rows", row -> rows.add(row(row)));
        });
        return rows;
    }

    private Row row(ObjectNode row) {
        String id = row.path("key").asText();
        String error = row.path("error").asText("not_found");
        if (!error.equals("not_found")) { // a part of the server is away: the document may well be there
            String sentence = about() + ": the server answered '" + Shown.of(error) + "' for " + Shown.named("_id", id);
            throw new HttpFailure(Reason.SERVER_ERROR, 0, sentence, null);
        }
        JsonNode revision = row.path("value").path("rev");
        if (!revision.isTextual() || row.path("value").path("deleted").asBoolean()) {
            return Row.gone(id);
        }
        if (!row.path("doc").isObject()) {
            return Row.unreadable(
                    id, revision.asText(), new Problem(subject(id), "the server does not show the document"));
        }
        ObjectNode document = (ObjectNode) row.get("doc");
        if (Characters.isMore(document, MOST_CHARACTERS)) {
            return Row.unreadable(
                    id,
                    revision.asText(),
                    new Problem(
                            subject(id), "the document has more than the " + MOST_CHARACTERS + " characters allowed"));
        }
        return Row.present(id, revision.asText(), document);
    }

    /** A document as the subject of a sentence. */
    String subject(String id) {
        return "database '" + name + "', " + Shown.named("_id", id);
    }

    /** The changes after a sequence; waits for one, up to {@code patience}. */
    News changes(String since, int most, Duration patience) {
        HttpUrl asked = url.newBuilder()
                .addPathSegment("_changes")
                .addQueryParameter("feed", "longpoll")
                .addQueryParameter("since", since)
                .addQueryParameter("limit", Integer.toString(most))
                .addQueryParameter("timeout", Long.toString(patience.toMillis()))
                .build();
        var rows = new ArrayList<Row>();
        ObjectNode rest = http.askPatiently(
                about(), get(asked), patience, json -> Json.rows(json, "results", change -> rows.add(changed(change))));
        return new News(rows, rest.path("last_seq").asText());
    }

    private static Row changed(ObjectNode change) {
        Optional<String> revision = change.path("deleted").asBoolean()
                ? Optional.empty()
                : Optional.of(change.path("changes").path(0).path("rev").asText());
        return new Row(change.path("id").asText(), revision, Optional.empty(), Optional.empty());
    }

    /**
     * Writes documents, given as JSON with {@code _id} and {@code _rev}.
     *
     * @return a result for each, in their order
     */
    Http.Answer<List<BulkResult>> write(List<byte[]> documents) {
        HttpUrl asked = url.newBuilder().addPathSegment("_bulk_docs").build();
        Request request = post(asked, bulkBody(documents));
        var results = new ArrayList<BulkResult>(documents.size());
        Http.Answer<Object> answer = http.ask(about(), request, json -> {
            results.clear();
            Json.array(json, each -> results.add(result(each)));
            return results;
        });
        if (results.size() != documents.size()) {
            throw new HttpFailure(
                    Reason.UNREADABLE,
                    0,
                    about() + ": the server answered " + results.size() + " results to " + documents.size() + " writes",
                    null);
        }
        return new Http.Answer<>(results, answer.isAfterDoubt());
    }

    private static BulkResult result(ObjectNode result) {
        return new BulkResult(
                result.path("rev").isTextual() && !result.has("error")
                        ? Optional.of(result.path("rev").asText())
                        : Optional.empty(),
                result.path("error").asText("no revision"),
                result.path("reason").asText("no reason given"));
    }

    private static byte[] bulkBody(List<byte[]> documents) {
        var body = new ByteArrayOutputStream();
        body.writeBytes("{\"docs\":[".getBytes(StandardCharsets.US_ASCII));
        for (int i = 0; i < documents.size(); i++) {
            if (i > 0) {
                body.write(',');
            }
            body.writeBytes(documents.get(i));
        }
        body.writeBytes("]}".getBytes(StandardCharsets.US_ASCII));
        return body.toByteArray();
    }

    /** Asks the server to give back the room of old revisions; it does so when it has time. */
    void compact() {
        HttpUrl asked = url.newBuilder().addPathSegment("_compact").build();
        http.ask(about(), post(asked, "{}".getBytes(StandardCharsets.US_ASCII)), Json::object);
    }

    private static Request get(HttpUrl url) {
        return request(url).build();
    }

    private static Request post(HttpUrl url, byte[] json) {
        return request(url).post(RequestBody.create(json, Http.JSON)).build();
    }

    private static Request put(HttpUrl url, byte[] json) {
        return request(url).put(RequestBody.create(json, Http.JSON)).build();
    }

    private static Request.Builder request(HttpUrl url) {
        return new Request.Builder().url(url).header("Accept", "application/json");
    }
}
