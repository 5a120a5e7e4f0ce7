package io.serverlesscontainers.policy.internal.engine;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.util.List;

/**
 * A loop over facts that computes some bits of each. Each one is made from another copy of this class, as a hidden class,
 * in which what is computed is a constant: so the JVM compiles loop and computation into one piece. A copy is unloaded
 * when nobody has the loop any more.
 */
public final class SignatureLoop implements Signatures.Loop {
    // (Object) -> long; null in the original, which is never run.
    private static final MethodHandle BITS = bits();

    /** For the copies, which are classes of their own to the access rules. */
    public SignatureLoop() {}

    private static MethodHandle bits() {
        try {
            return MethodHandles.classData(MethodHandles.lookup(), "_", MethodHandle.class);
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }

    /** A loop that computes what a handle {@code (Object) -> long} does. */
    static Signatures.Loop of(MethodHandle bits) {
        try {
            Class<?> copy = MethodHandles.lookup()
                    .defineHiddenClassWithClassData(template(), bits, true)
                    .lookupClass();
            return (Signatures.Loop) copy.getConstructor().newInstance();
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("SignatureLoop cannot be copied", e);
        }
    }

    private static byte[] template() {
        try (InputStream file = SignatureLoop.class.getResourceAsStream("SignatureLoop.class")) {
            if (file == null) {
                throw new IllegalStateException("the jar has no SignatureLoop.class");
            }
            return file.readAllBytes();
        } catch (IOException e) {
            throw new UncheckedIOException("SignatureLoop.class cannot be read", e);
        }
    }

    @Override
    public void run(List<?> facts, int from, int rows, long[] words, long[] slots) throws Throwable {
        int row = 0;
        while (row < rows) {
            try {
                for (; row < rows; row++) {
                    words[row] |= (long) BITS.invokeExact(facts.get(from + row));
                }
            } catch (RuntimeException noValue) {
                // Whoever asks the rules about this fact is told why.
                slots[row++] = Signatures.NO_VALUE;
            }
        }
    }
}
