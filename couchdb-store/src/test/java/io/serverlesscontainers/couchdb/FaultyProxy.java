package io.serverlesscontainers.couchdb;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** Stands between a store and the server, byte by byte, and has the faults of a network and of other people's proxies. */
final class FaultyProxy implements AutoCloseable {
    /** What it does with what it gets. */
    enum Mode {
        /** Passes all on. */
        PASS,
        /** Takes connections and ends them at once. */
        AWAY,
        /** Takes requests and never answers. */
        SILENT,
        /** Passes the request on and ends the connection in the middle of the answer. */
        CUT_ANSWERS,
        /** Passes all on, a moment late. */
        SLOW,
        /** Answers by itself, always the same. */
        CANNED
    }

    private final ServerSocket listening;
    private final int server;
    private final Set<Socket> open = ConcurrentHashMap.newKeySet();
    private final CountDownLatch closed = new CountDownLatch(1);
    private volatile Mode mode = Mode.PASS;
    private volatile byte[] canned = new byte[0];

    FaultyProxy(String serverUrl) throws IOException {
        server = URI.create(serverUrl).getPort();
        listening = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
        start("proxy", () -> {
            while (!listening.isClosed()) {
                Socket client = listening.accept();
                try {
                    accept(client);
                } catch (IOException cutMeanwhile) {
                    end(client);
                }
            }
        });
    }

    String url() {
        return "http://127.0.0.1:" + listening.getLocalPort() + "/";
    }

    /** From now on; connections that are open are ended, unless all is passed on. */
    void be(Mode next) {
        mode = next;
        if (next != Mode.PASS && next != Mode.SLOW) {
            cut();
        }
    }

    /** Answers everything with these bytes, which follow the status line and {@code Content-Length}. */
    void answer(String status, String contentType, byte[] body) {
        byte[] head = ("HTTP/1.1 " + status + "\r\nContent-Type: " + contentType + "\r\nContent-Length: " + body.length
                        + "\r\nConnection: close\r\n\r\n")
                .getBytes(StandardCharsets.ISO_8859_1);
        byte[] all = new byte[head.length + body.length];
        System.arraycopy(head, 0, all, 0, head.length);
        System.arraycopy(body, 0, all, head.length, body.length);
        canned = all;
        be(Mode.CANNED);
    }

    /** Ends all connections. */
    void cut() {
        open.forEach(FaultyProxy::end);
    }

    private void accept(Socket client) throws IOException {
        if (mode == Mode.AWAY) {
            client.setSoLinger(true, 0); // a reset
            client.close();
            return;
        }
        open.add(client);
        if (mode == Mode.CANNED) {
            start("canned", () -> answerOne(client));
            return;
        }
        var behind = new Socket(InetAddress.getLoopbackAddress(), server);
        open.add(behind);
        client.setTcpNoDelay(true);
        behind.setTcpNoDelay(true);
        start("to server", () -> pump(client, behind, false));
        start("to client", () -> pump(behind, client, true));
    }

    /** Reads what has come of a request, then answers. */
    private void answerOne(Socket client) throws IOException {
        try (client) {
            client.setSoTimeout(100);
            readUntilQuiet(client.getInputStream());
            client.getOutputStream().write(canned);
            client.shutdownOutput();
        } finally {
            open.remove(client);
        }
    }

    private static void readUntilQuiet(InputStream in) throws IOException {
        try {
            byte[] buffer = new byte[65_536];
            do {
                if (in.read(buffer) < 0) {
                    return;
                }
            } while (in.available() > 0);
        } catch (SocketTimeoutException quiet) {
            return;
        }
    }

    private void pump(Socket from, Socket to, boolean isAnswer) throws IOException {
        try (from;
                to) {
            InputStream in = from.getInputStream();
            OutputStream out = to.getOutputStream();
            byte[] buffer = new byte[16_384];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                if (mode == Mode.SLOW) {
                    closed.await(ThreadLocalRandom.current().nextInt(10), TimeUnit.MILLISECONDS);
                }
                if (mode == Mode.SILENT) {
                    continue;
                }
                if (isAnswer && mode == Mode.CUT_ANSWERS) {
                    out.write(buffer, 0, ThreadLocalRandom.current().nextInt(read));
                    return;
                }
                out.write(buffer, 0, read);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            open.remove(from);
            open.remove(to);
        }
    }

    private static void end(Socket socket) {
        try {
            socket.close();
        } catch (IOException alreadyEnded) {
            return;
        }
    }

    private interface Work {
        void run() throws IOException;
    }

    private static void start(String name, Work work) {
        var thread = new Thread(
                () -> {
                    try {
                        work.run();
                    } catch (IOException ended) {
                        return;
                    }
                },
                name);
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() throws IOException {
        closed.countDown();
        listening.close();
        cut();
    }
}
