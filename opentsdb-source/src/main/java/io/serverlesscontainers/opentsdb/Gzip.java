package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.zip.GZIPOutputStream;

/** JSON documents as gzipped bytes. */
final class Gzip {
    private Gzip() {}

    /** Writes the document's tokens. */
    interface Document {
        void write(JsonGenerator json) throws IOException;
    }

    static byte[] json(Document document) {
        var bytes = new ByteArrayOutputStream(4_096);
        try (JsonGenerator json = Http.MAPPER.createGenerator(new GZIPOutputStream(bytes, 4_096))) {
            document.write(json);
        } catch (IOException e) {
            throw new UncheckedIOException(e); // there is no device behind it
        }
        return bytes.toByteArray();
    }
}
