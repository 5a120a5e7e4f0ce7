package io.serverlesscontainers.core.spi;

import java.util.BitSet;
import java.util.Collection;
import java.util.StringJoiner;
import java.util.stream.IntStream;

/** A set of CPU numbers, written as the kernel writes it: {@code 0-1,4}. Immutable. */
public final class CpuSet {
    /** No CPU at all. */
    public static final CpuSet NONE = new CpuSet(new BitSet());

    private static final int MOST = 1 << 16;

    private final BitSet cpus;

    private CpuSet(BitSet cpus) {
        this.cpus = cpus;
    }

    /** These CPUs. */
    public static CpuSet of(int... numbers) {
        var cpus = new BitSet();
        for (int number : numbers) {
            cpus.set(number);
        }
        return new CpuSet(cpus);
    }

    /** These CPUs. */
    public static CpuSet of(Collection<Integer> numbers) {
        var cpus = new BitSet();
        numbers.forEach(cpus::set);
        return new CpuSet(cpus);
    }

    /** CPUs 0 to {@code count − 1}. */
    public static CpuSet first(int count) {
        var cpus = new BitSet(count);
        cpus.set(0, count);
        return new CpuSet(cpus);
    }

    /**
     * Reads the kernel's list format: numbers and ranges, separated by commas; an empty text is no CPU.
     *
     * @throws IllegalArgumentException if the text is anything else
     */
    public static CpuSet parse(String list) {
        var cpus = new BitSet();
        String text = list.strip();
        if (text.isEmpty()) {
            return NONE;
        }
        for (String part : text.split(",", -1)) {
            int dash = part.indexOf('-');
            int first = number(dash < 0 ? part : part.substring(0, dash), text);
            int last = dash < 0 ? first : number(part.substring(dash + 1), text);
            if (last < first) {
                throw new IllegalArgumentException("'" + text + "' is no list of CPUs such as 0-1,4");
            }
            cpus.set(first, last + 1);
        }
        return new CpuSet(cpus);
    }

    private static int number(String digits, String text) {
        boolean plain = !digits.isEmpty()
                && digits.length() <= 5
                && digits.chars().allMatch(digit -> digit >= '0' && digit <= '9');
        int number = plain ? Integer.parseInt(digits) : MOST;
        if (number >= MOST) {
            throw new IllegalArgumentException(
                    "'" + text.substring(0, Math.min(60, text.length())) + "' is no list of CPUs such as 0-1,4");
        }
        return number;
    }

    /** The numbers, ascending. */
    public IntStream stream() {
        return cpus.stream();
    }

    /** How many there are. */
    public int size() {
        return cpus.cardinality();
    }

    /** Whether there is none. */
    public boolean isEmpty() {
        return cpus.isEmpty();
    }

    /** Whether a CPU is among them. */
    public boolean contains(int number) {
        return number >= 0 && cpus.get(number);
    }

    @Override
    public boolean equals(Object other) {
        return other instanceof CpuSet set && set.cpus.equals(cpus);
    }

    @Override
    public int hashCode() {
        return cpus.hashCode();
    }

    /** The kernel's list format. */
    @Override
    public String toString() {
        var list = new StringJoiner(",");
        for (int first = cpus.nextSetBit(0); first >= 0; ) {
            int last = cpus.nextClearBit(first) - 1;
            list.add(first == last ? Integer.toString(first) : first + "-" + last);
            first = cpus.nextSetBit(last + 1);
        }
        return list.toString();
    }
}
