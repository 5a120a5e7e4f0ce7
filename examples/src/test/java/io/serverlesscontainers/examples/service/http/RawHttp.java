package io.serverlesscontainers.examples.service.http;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** A connection over which any bytes can be sent, also those that no client sends. */
public final class RawHttp implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;
    private final OutputStream out;

    /** An answer. */
    public record Answer(int status, Map<String, String> headers, String body) {
        /** Whether the server ends the connection after it. */
        public boolean isLast() {
            return "close".equalsIgnoreCase(headers.get("connection"));
        }
    }

    /** Connects to a server. */
    public RawHttp(URI server) throws IOException {
        socket = new Socket(server.getHost(), server.getPort());
        socket.setSoTimeout(20_000);
        socket.setTcpNoDelay(true);
        in = new BufferedInputStream(socket.getInputStream());
        out = socket.getOutputStream();
    }

    /** Sends a request with a body and its length. */
    public RawHttp send(String method, String target, String headers, byte[] body) throws IOException {
        var request = new ByteArrayOutputStream();
        request.writeBytes((method + " " + target + " HTTP/1.1\r\nHost: localhost\r\n" + headers + "Content-Length: "
                        + body.length + "\r\n\r\n")
                .getBytes(StandardCharsets.UTF_8));
        request.writeBytes(body);
        return send(request.toByteArray());
    }

    /** Sends bytes. */
    public RawHttp send(byte[] bytes) throws IOException {
        out.write(bytes);
        out.flush();
        return this;
    }

    /** Sends nothing any more. */
    public RawHttp end() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads an answer to its end. */
    public Answer answer() throws IOException {
        return answerTo("GET");
    }

    /** The same where the answer to HEAD has a length, but no body. */
    public Answer answerTo(String method) throws IOException {
        String line = line();
        int status = Integer.parseInt(line.split(" ")[1]);
        var headers = new TreeMap<String, String>();
        for (line = line(); !line.isEmpty(); line = line()) {
            int colon = line.indexOf(':');
            headers.put(
                    line.substring(0, colon).toLowerCase(Locale.ROOT),
                    line.substring(colon + 1).strip());
        }
        if (status == 100) {
            return answerTo(method);
        }
        String length = method.equals("HEAD") ? "0" : headers.getOrDefault("content-length", "0");
        byte[] body = in.readNBytes(Integer.parseInt(length));
        return new Answer(status, headers, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new ByteArrayOutputStream();
        for (int next = in.read(); next != '\n'; next = in.read()) {
            if (next < 0) {
                throw new EOFException("the server ended the connection");
            }
            line.write(next);
        }
        return line.toString(StandardCharsets.ISO_8859_1).stripTrailing();
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
