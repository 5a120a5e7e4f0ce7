package io.serverlesscontainers.core.scaler;

import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.store.ConflictException;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Structure;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Predicate;

/**
 * A host's document where several hands write into it, such as a Scaler's and an Orchestrator's: its account is told
 * afresh from the containers that the state knows by now, so none of them is forgotten.
 */
final class HostBook {
    private static final int MOST_ATTEMPTS = 20;

    private final StateStore store;
    private final String host;
    private final HostCapacity capacity;

    HostBook(StateStore store, String host, HostCapacity capacity) {
        this.store = store;
        this.host = host;
        this.capacity = capacity;
    }

    /**
     * Writes the account; once more if somebody else has written in between. Nothing happens if the state does not know
     * the host.
     *
     * @param counted which containers count, by their names
     * @param addition what is known better than the state knows it, such as the cores that were just given
     * @throws ConflictException if others write without end
     */
    void settle(Predicate<String> counted, Consumer<HostAccounting> addition) {
        for (int attempt = 1; ; attempt++) {
            Optional<Revisioned<Structure>> found = store.find(DocumentKind.STRUCTURES, host);
            if (found.isEmpty()) {
                return;
            }
            Structure document = found.get().document();
            var account = new HostAccounting(document, containers(store, host, counted), capacity);
            addition.accept(account);
            Structure settled = account.on(document);
            if (settled.equals(document)) {
                return;
            }
            try {
                store.replace(DocumentKind.STRUCTURES, settled, found.get().revision());
                return;
            } catch (ConflictException overtaken) {
                if (attempt == MOST_ATTEMPTS) {
                    throw overtaken;
                }
            }
        }
    }

    /** The containers of a host that the state knows. */
    static List<Structure> containers(StateStore store, String host, Predicate<String> counted) {
        return store.findAll(DocumentKind.STRUCTURES).stream()
                .map(Revisioned::document)
                .filter(each -> each.subtype() == Structure.Subtype.CONTAINER
                        && each.host().orElse("").equals(host)
                        && counted.test(each.name()))
                .toList();
    }
}
