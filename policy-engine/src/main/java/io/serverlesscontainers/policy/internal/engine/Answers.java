package io.serverlesscontainers.policy.internal.engine;

import java.util.Arrays;

/**
 * Which rules hold, by signature: one bit for each constraint, in as many words as that takes. A hash table with open
 * addressing, so that a look at it allocates nothing; with few constraints, an array with a place for every signature.
 */
final class Answers {
    private static final int FEW_CONSTRAINTS = 10;
    private static final int FIRST_CAPACITY = 64;

    private final int words;
    private final boolean isDirect;
    private long[] keys;
    private Object[][] answers;
    // Whether the answer in the same place is known to be that no rule holds, as of most facts.
    private boolean[] isEmpty;
    private int size;

    Answers(int constraints) {
        words = words(constraints);
        isDirect = constraints <= FEW_CONSTRAINTS;
        int capacity = isDirect ? 1 << constraints : FIRST_CAPACITY;
        keys = new long[isDirect ? 0 : capacity * words];
        answers = new Object[capacity][];
        isEmpty = new boolean[capacity];
    }

    /** How many words a signature has. */
    static int words(int constraints) {
        return Math.max(1, (constraints + Long.SIZE - 1) / Long.SIZE);
    }

    int size() {
        return size;
    }

    /** The answer for the signature in a row; null if there is none yet. */
    Object[] get(long[][] signatures, int row) {
        return isDirect ? answers[(int) signatures[0][row]] : answers[find(signatures, row)];
    }

    /** Notes the answer for the signature in a row that has none yet. */
    void put(long[][] signatures, int row, Object[] answer) {
        if (!isDirect && size * 2 >= answers.length) {
            grow();
        }
        int place = isDirect ? (int) signatures[0][row] : find(signatures, row);
        if (!isDirect) {
            for (int word = 0; word < words; word++) {
                keys[place * words + word] = signatures[word][row];
            }
        }
        answers[place] = answer;
        isEmpty[place] = answer.length == 0;
        size++;
    }

    /**
     * Finds the rows for whose signatures some rule holds, or nothing is known yet.
     *
     * @param found receives them
     * @return how many they are
     */
    int rowsNotEmpty(long[][] signatures, int rows, int[] found) {
        return isDirect ? direct(signatures[0], isEmpty, rows, found) : hashed(signatures, rows, found);
    }

    /** Few facts are of interest, but nobody can guess which: without a branch there is nothing to guess. */
    private static int direct(long[] signatures, boolean[] isEmpty, int rows, int[] found) {
        int count = 0;
        for (int row = 0; row < rows; row++) {
            found[count] = row;
            count += isEmpty[(int) signatures[row]] ? 0 : 1;
        }
        return count;
    }

    private int hashed(long[][] signatures, int rows, int[] found) {
        int count = 0;
        for (int row = 0; row < rows; row++) {
            found[count] = row;
            count += isEmpty[find(signatures, row)] ? 0 : 1;
        }
        return count;
    }

    /** Where the signature in a row is, or would be. */
    private int find(long[][] signatures, int row) {
        long hash = 0;
        for (int word = 0; word < words; word++) {
            hash = mixed(hash, signatures[word][row]);
        }
        int place = place(hash);
        while (answers[place] != null && !matches(place, signatures, row)) {
            place = place + 1 & answers.length - 1;
        }
        return place;
    }

    private boolean matches(int place, long[][] signatures, int row) {
        for (int word = 0; word < words; word++) {
            if (keys[place * words + word] != signatures[word][row]) {
                return false;
            }
        }
        return true;
    }

    private void grow() {
        long[] oldKeys = keys;
        Object[][] oldAnswers = answers;
        keys = new long[oldKeys.length * 2];
        answers = new Object[oldAnswers.length * 2][];
        isEmpty = new boolean[answers.length];
        for (int old = 0; old < oldAnswers.length; old++) {
            if (oldAnswers[old] != null) {
                move(oldKeys, old, oldAnswers[old]);
            }
        }
    }

    private void move(long[] oldKeys, int old, Object[] answer) {
        long[] key = Arrays.copyOfRange(oldKeys, old * words, (old + 1) * words);
        long hash = 0;
        for (long word : key) {
            hash = mixed(hash, word);
        }
        int place = place(hash);
        while (answers[place] != null) {
            place = place + 1 & answers.length - 1;
        }
        System.arraycopy(key, 0, keys, place * words, words);
        answers[place] = answer;
        isEmpty[place] = answer.length == 0;
    }

    /** Multiplies by the golden ratio's bits, which spreads neighbouring signatures over the table. */
    private static long mixed(long hash, long word) {
        long product = (hash ^ word) * 0x9E3779B97F4A7C15L;
        return product ^ product >>> 32;
    }

    private int place(long hash) {
        return (int) hash & answers.length - 1;
    }
}
