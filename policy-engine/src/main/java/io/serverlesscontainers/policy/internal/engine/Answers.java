package io.serverlesscontainers.policy.internal.engine;

import java.util.Arrays;

/**
 * Which rules hold, by signature: one bit for each constraint, in as many words as that takes. A hash table with open
 * addressing, so that a look at it allocates nothing.
 */
final class Answers {
    private static final int FIRST_CAPACITY = 64;

    private final int words;
    private long[] keys;
    private Object[][] answers;
    private int size;

    Answers(int constraints) {
        words = Signatures.words(constraints);
        keys = new long[FIRST_CAPACITY * words];
        answers = new Object[FIRST_CAPACITY][];
    }

    /** How many there are. */
    int size() {
        return size;
    }

    /** The answer for the signature in a row; null if there is none yet. */
    Object[] get(long[][] signatures, int row) {
        return answers[find(signatures, row)];
    }

    /** Notes the answer for the signature in a row that has none yet. */
    void put(long[][] signatures, int row, Object[] answer) {
        if (size * 2 >= answers.length) {
            grow();
        }
        int place = find(signatures, row);
        for (int word = 0; word < words; word++) {
            keys[place * words + word] = signatures[word][row];
        }
        answers[place] = answer;
        size++;
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
