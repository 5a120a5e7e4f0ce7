package io.serverlesscontainers.cgroups.internal.parse;

import java.nio.ByteBuffer;
import java.util.Arrays;

/** Reads what the kernel writes about processes; works as {@link KernelText} does. */
public final class ProcessFiles {
    private static final int FEW = 16;

    private ProcessFiles() {}

    /**
     * The file {@code cgroup.procs}: the number of a process on each line. Those that the reader cannot see are 0 there,
     * and left out here.
     */
    public static int[] numbers(ByteBuffer text, String path) {
        int[] numbers = new int[FEW];
        int count = 0;
        int end;
        for (int line = 0; line < text.limit(); line = end + 1) {
            end = KernelText.endOfLine(text, line);
            long number = KernelText.number(text, line, end, path);
            if (number > 0 && number <= Integer.MAX_VALUE) {
                if (count == numbers.length) {
                    numbers = Arrays.copyOf(numbers, 2 * count);
                }
                numbers[count++] = (int) number;
            }
        }
        return Arrays.copyOf(numbers, count);
    }

    /** The file {@code /proc/PID/statm}: the size of the address space, in pages. */
    public static long pages(ByteBuffer text, String path) {
        return KernelText.number(text, 0, KernelText.endOfWord(text, 0, KernelText.endOfLine(text, 0)), path);
    }
}
