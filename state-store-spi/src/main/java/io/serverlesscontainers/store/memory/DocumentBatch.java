package io.serverlesscontainers.store.memory;

import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.Write;
import io.serverlesscontainers.store.document.Document;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.LongSupplier;

/** Writes to one table that are journalled together and only then seen. Used under the store's write lock. */
final class DocumentBatch<D extends Document> {
    private final Table<D> table;
    private final Journal journal;
    private final LongSupplier revisions;
    private final Map<String, Optional<Revisioned<D>>> written = new LinkedHashMap<>();
    private final List<byte[]> lines = new ArrayList<>();

    DocumentBatch(Table<D> table, Journal journal, LongSupplier revisions) {
        this.table = table;
        this.journal = journal;
        this.revisions = revisions;
    }

    /** Whether the document's revision is still this one. */
    boolean isAt(String name, String revision) {
        return now(name).filter(it -> it.revision().equals(revision)).isPresent();
    }

    /** Whether what a write expects is so. */
    boolean allows(Write<D> write) {
        String name = write.document().name();
        return write.expected().isPresent()
                ? isAt(name, write.expected().get())
                : now(name).isEmpty() && !table.isUnreadable(name);
    }

    private Optional<Revisioned<D>> now(String name) {
        Optional<Revisioned<D>> planned = written.get(name);
        if (planned != null) {
            return planned;
        }
        return table.isUnreadable(name) ? Optional.empty() : table.find(name);
    }

    Revisioned<D> put(D document) {
        long revision = revisions.getAsLong();
        lines.add(journal.encode(() -> table.line(document.name(), revision, Optional.of(document))));
        var now = new Revisioned<>(document, Long.toString(revision));
        written.put(document.name(), Optional.of(now));
        return now;
    }

    void remove(String name) {
        long revision = revisions.getAsLong();
        lines.add(journal.encode(() -> table.line(name, revision, Optional.empty())));
        written.put(name, Optional.empty());
    }

    /** Makes it so: in the journal, then for readers. */
    void commit() {
        if (!lines.isEmpty()) {
            journal.append(lines);
            written.forEach(table::set);
        }
    }
}
