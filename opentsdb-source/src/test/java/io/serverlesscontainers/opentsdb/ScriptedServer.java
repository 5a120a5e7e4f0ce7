package io.serverlesscontainers.opentsdb;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.zip.GZIPInputStream;

/** A server on a real socket that does with each request what a test says: answers bytes, hangs up, or is silent. */
final class ScriptedServer implements AutoCloseable {
    /** Ends the connection without an answer. */
    static final byte[] HANG_UP = {};
    /** Never answers. */
    static final byte[] SILENCE = {0};

    private final ServerSocket listening;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final AtomicInteger requests = new AtomicInteger();
    private volatile Function<JsonNode, byte[]> script;
    private volatile String lastHead = "";
    private volatile int lastBodyBytes;

    ScriptedServer(Function<JsonNode, byte[]> script) throws IOException {
        this.script = script;
        listening = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
        start(() -> {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                open.add(client);
                start(() -> serve(client));
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    /** From now on. */
    void be(Function<JsonNode, byte[]> next) {
        script = next;
    }

    int requests() {
        return requests.get();
    }

    /** Request line and headers of the last request. */
    String lastHead() {
        return lastHead;
    }

    /** How long the last request's body was on the wire. */
    int lastBodyBytes() {
        return lastBodyBytes;
    }

    static byte[] json(String status, String body) {
        return answer(status, "application/json; charset=UTF-8", body.getBytes(StandardCharsets.UTF_8));
    }

    static byte[] html(String status) {
        return answer(status, "text/html; charset=UTF-8", "<html>sorry</html>".getBytes(StandardCharsets.UTF_8));
    }

    static byte[] answer(String status, String type, byte[] body) {
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: " + type + "\r\nContent-Length: " + body.length
                        + "\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        return all;
    }

    private void serve(Socket client) throws IOException {
        try (client) {
            InputStream in = new BufferedInputStream(client.getInputStream());
            for (String head = head(in); !head.isEmpty(); head = head(in)) {
                byte[] body = in.readNBytes(length(head));
                lastHead = head;
                lastBodyBytes = body.length;
                requests.incrementAndGet();
                byte[] answer = script.apply(Http.MAPPER.readTree(new GZIPInputStream(new ByteArrayInputStream(body))));
                if (answer == HANG_UP) {
                    return;
                }
                if (answer == SILENCE) {
                    in.read(); // until the other side gives up
                    return;
                }
                client.getOutputStream().write(answer);
                if (!isWhole(answer)) {
                    return;
                }
            }
        } finally {
            open.remove(client);
        }
    }

    /** An answer that is shorter than it says ends with the connection. */
    private static boolean isWhole(byte[] answer) {
        String text = new String(answer, StandardCharsets.ISO_8859_1);
        int end = text.indexOf("\r\n\r\n");
        return end > 0 && answer.length - end - 4 >= length(text.substring(0, end));
    }

    private static String head(InputStream in) throws IOException {
        var head = new StringBuilder();
        for (int letter = in.read(); letter >= 0; letter = in.read()) {
            head.append((char) letter);
            if (head.length() > 3 && head.substring(head.length() - 4).equals("\r\n\r\n")) {
                return head.toString();
            }
        }
        return "";
    }

    private static int length(String head) {
        for (String line : head.split("\r\n")) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-length:")) {
                return Integer.parseInt(line.substring(line.indexOf(':') + 1).strip());
            }
        }
        return 0;
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        return;
                    }
                },
                "scripted-server");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        listening.close();
        for (Socket socket : open) {
            socket.close();
        }
    }
}
