package io.serverlesscontainers.store.memory;

import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.store.StateStoreException;
import java.util.List;
import java.util.function.Supplier;
import java.util.stream.Stream;

/** Where a store writes what it does before it does it. Used by one thread at a time. */
interface Journal {
    /** The journal of a store without a file. */
    Journal NONE = new Journal() {
        private static final byte[] NOTHING = {};

        @Override
        public byte[] encode(Supplier<ObjectNode> content) {
            return NOTHING;
        }

        @Override
        public void append(List<byte[]> lines) {}

        @Override
        public void compactIfOvergrown(Supplier<Stream<ObjectNode>> live) {}

        @Override
        public void close() {}
    };

    /**
     * The line of an object.
     *
     * @throws StateStoreException if the object cannot be written as JSON
     */
    byte[] encode(Supplier<ObjectNode> content);

    /**
     * Writes lines behind all others, in one go.
     *
     * @throws StateStoreException if it cannot; then none is there
     */
    void append(List<byte[]> lines);

    /** Writes the journal anew with what is live, if most of it is history. What goes wrong is logged only. */
    void compactIfOvergrown(Supplier<Stream<ObjectNode>> live);

    /** Forces everything to the device and lets go of the file. */
    void close();
}
