package io.serverlesscontainers.cgroups;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.RandomAccessFile;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;

/**
 * The process in a container whose memory limit is moved: it holds blocks of memory, reads a file over and over, so that
 * the cache fills what the limit leaves, and measures its own pauses. It ends when its input does.
 *
 * <p>Each line that it is sent says how many MiB to hold from then on; it answers {@code holds MIB} when it does, and
 * {@code pause MICROSECONDS} to an empty line: the longest that one round or one block took since it was last asked, less
 * the time that it waited for a CPU, which no limit of memory has to do with.
 */
final class Workload {
    private static final String END = "end";
    private static final int MIB = 1 << 20;
    private static final int PAGE = 4096;
    private static final int READ = 64 * 1024;
    private static final int REST_MILLISECONDS = 5;

    private final Deque<ByteBuffer> blocks = new ArrayDeque<>();
    private final BlockingQueue<String> orders = new LinkedBlockingQueue<>();
    private final byte[] part = new byte[READ];
    private final byte[] numbers = new byte[100];
    private final RandomAccessFile file;
    private final RandomAccessFile scheduled;
    private final MethodHandle free;
    private long began;
    private long longest;
    private int touched;

    private Workload(RandomAccessFile file, RandomAccessFile scheduled) throws Exception {
        this.file = file;
        this.scheduled = scheduled;
        // Memory must be given back at once, and not when a garbage collector thinks of it.
        Class<?> unsafe = Class.forName("sun.misc.Unsafe");
        var field = unsafe.getDeclaredField("theUnsafe");
        field.setAccessible(true);
        this.free = MethodHandles.lookup()
                .findVirtual(unsafe, "invokeCleaner", MethodType.methodType(void.class, ByteBuffer.class))
                .bindTo(field.get(null));
    }

    /** With the file to read. */
    public static void main(String[] arguments) throws Throwable {
        try (var file = new RandomAccessFile(arguments[0], "r");
                var scheduled = new RandomAccessFile("/proc/thread-self/schedstat", "r")) {
            new Workload(file, scheduled).run();
        }
    }

    private void run() throws Throwable {
        var listener = new Thread(this::listen);
        listener.setDaemon(true);
        listener.start();
        while (true) {
            String order = orders.poll(REST_MILLISECONDS, TimeUnit.MILLISECONDS);
            if (END.equals(order)) {
                return;
            }
            begin();
            readOn();
            touchOne();
            end();
            if (order != null) {
                System.out.println(order.isEmpty() ? longestPause() : hold(Integer.parseInt(order)));
            }
        }
    }

    private void listen() {
        try (var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.US_ASCII))) {
            for (String line = in.readLine(); line != null; line = in.readLine()) {
                orders.add(line);
            }
            orders.add(END);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    private String hold(int mib) throws Throwable {
        while (blocks.size() != mib) {
            begin();
            if (blocks.size() < mib) {
                // It is filled with zeros, and so touched.
                blocks.add(ByteBuffer.allocateDirect(MIB));
            } else {
                free.invoke(blocks.remove());
            }
            end();
        }
        return "holds " + mib;
    }

    private String longestPause() {
        String answer = "pause " + longest / 1000;
        longest = 0;
        return answer;
    }

    private void readOn() throws IOException {
        if (file.read(part) < 0) {
            file.seek(0);
        }
    }

    private void touchOne() {
        ByteBuffer block = blocks.poll();
        if (block != null) {
            for (int i = 0; i < block.capacity(); i += PAGE) {
                touched += block.get(i);
            }
            blocks.add(block);
        }
    }

    private void begin() throws IOException {
        began = System.nanoTime() - waited();
    }

    private void end() throws IOException {
        longest = Math.max(longest, System.nanoTime() - waited() - began);
    }

    /** How long this thread has waited for a CPU so far, in ns: the second of the numbers, see sched-stats in the kernel. */
    private long waited() throws IOException {
        scheduled.seek(0);
        int length = scheduled.read(numbers);
        return Long.parseLong(new String(numbers, 0, length, StandardCharsets.US_ASCII).split(" ")[1]);
    }
}
