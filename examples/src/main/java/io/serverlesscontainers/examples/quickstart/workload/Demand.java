package io.serverlesscontainers.examples.quickstart.workload;

/**
 * What a workload shall use.
 *
 * @param cpuShares CPU time, 100 shares are one core; 0 to 6400
 * @param memoryMiB memory to hold on top of the process's own footprint; 0 to 65536
 */
public record Demand(int cpuShares, int memoryMiB) {
    private static final int MOST_SHARES = 6400;
    private static final int MOST_MEMORY = 65536;

    /** Refuses what no workload can do. */
    public Demand {
        check("cpu", cpuShares, MOST_SHARES);
        check("memory", memoryMiB, MOST_MEMORY);
    }

    /**
     * Reads the line that {@link #toLine()} writes.
     *
     * @throws IllegalArgumentException if it is anything else
     */
    public static Demand parse(String line) {
        String[] words = line.strip().split(" ");
        if (words.length != 4 || !words[0].equals("cpu") || !words[2].equals("memory")) {
            throw new IllegalArgumentException("'" + line + "' is no demand such as 'cpu 50 memory 100'");
        }
        return new Demand(number(words[1], line), number(words[3], line));
    }

    /** The demand as a workload reads it: {@code cpu 50 memory 100}. */
    public String toLine() {
        return "cpu " + cpuShares + " memory " + memoryMiB;
    }

    private static int number(String word, String line) {
        try {
            return Integer.parseInt(word);
        } catch (NumberFormatException noNumber) {
            throw new IllegalArgumentException("'" + word + "' in '" + line + "' is no whole number", noNumber);
        }
    }

    private static void check(String what, int value, int most) {
        if (value < 0 || value > most) {
            throw new IllegalArgumentException("a demand for " + what + " of " + value + " is outside 0 to " + most);
        }
    }
}
