package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.couchdb.CouchDbLike;
import io.serverlesscontainers.examples.service.http.CurlLine;
import io.serverlesscontainers.examples.service.http.HostileInput;
import io.serverlesscontainers.examples.service.http.RawHttp;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import java.net.http.HttpClient;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Whatever an Orchestrator takes, its database can keep, and others find it there as it was. */
@Tag("long")
class StoredValuesTest {
    @Test
    void odd_values_that_are_taken_are_found_again() throws Exception {
        String databases = CouchDbLike.newPrefix();
        int taken = 0;
        try (var orchestrator = new OrchestratorOnTree(
                        CouchDbLike.shared().store(databases).build());
                var http = new RawHttp(orchestrator.url())) {
            String port = Integer.toString(orchestrator.scalerPort());
            for (String line : OrchestratorPlaces.preparation()) {
                new CurlLine(line.replace("SCALER", port)).ask(HttpClient.newHttpClient(), orchestrator.url());
            }
            for (OrchestratorPlaces.Place place : OrchestratorPlaces.valued()) {
                for (String value : HostileInput.allValues()) {
                    // Nobody is asked for hosts that are not there: that may take its time.
                    if (place.isRight(value) && !place.body().contains("\"host_rescaler_ip\":%s")) {
                        String body = place.body().replace("%s", value).replace("SCALER", port);
                        RawHttp.Answer answer = http.send("PUT", place.path(), "", HostileInput.sent(body))
                                .answer();
                        assertThat(answer.status()).as(body + answer.body()).isLessThan(500);
                        taken += answer.status() < 300 ? 1 : 0;
                        if (isNew(place)) {
                            http.send("DELETE", place.path(), "", new byte[0]).answer();
                        }
                    }
                }
            }
            assertThat(taken).isGreaterThan(50);
            try (StateStore other = CouchDbLike.shared().store(databases).build()) {
                assertThat(documents(other)).isEqualTo(documents(orchestrator.store()));
            }
        }
    }

    private static boolean isNew(OrchestratorPlaces.Place place) {
        return place.path().endsWith("9") || place.path().endsWith("cont1");
    }

    private static List<String> documents(StateStore store) {
        var documents = new ArrayList<String>();
        for (DocumentKind<?> kind : DocumentKind.all()) {
            store.findAll(kind)
                    .forEach(
                            found -> documents.add(kind + " " + found.document().toJson()));
        }
        documents.sort(null);
        return documents;
    }
}
