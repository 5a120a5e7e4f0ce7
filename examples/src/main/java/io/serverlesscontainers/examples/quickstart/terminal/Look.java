package io.serverlesscontainers.examples.quickstart.terminal;

import java.io.IOException;
import java.nio.charset.Charset;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;

/**
 * What the place that output goes to can show.
 *
 * @param interactive whether it is a terminal, where lines can be redrawn
 * @param colour whether it shows colours
 * @param unicode whether it shows more than ASCII
 * @param columns its width
 */
public record Look(boolean interactive, boolean colour, boolean unicode, int columns) {
    /** The standard streams, by the number of their descriptor. */
    public enum Stream {
        /** Standard output. */
        OUT(1),
        /** Standard error. */
        ERROR(2);

        private final int descriptor;

        Stream(int descriptor) {
            this.descriptor = descriptor;
        }
    }

    private static final int FALLBACK_COLUMNS = 80;
    private static final int LEAST_COLUMNS = 60;
    private static final int MOST_COLUMNS = 160;

    /** Keeps the width between 60 and 160 columns. */
    public Look {
        columns = Math.min(MOST_COLUMNS, Math.max(LEAST_COLUMNS, columns));
    }

    /**
     * Looks at a stream of this process and at its environment: {@code NO_COLOR}, {@code TERM=dumb} and {@code COLUMNS}
     * are respected.
     */
    public static Look of(Stream stream) {
        Charset charset = Charset.forName(
                System.getProperty("stdout.encoding", Charset.defaultCharset().name()));
        return of(isTerminal(stream), charset, System.getenv());
    }

    static Look of(boolean terminal, Charset charset, Map<String, String> environment) {
        boolean interactive = terminal && !"dumb".equals(environment.get("TERM"));
        boolean colour = interactive && environment.getOrDefault("NO_COLOR", "").isEmpty();
        return new Look(interactive, colour, charset.newEncoder().canEncode('█'), columns(environment.get("COLUMNS")));
    }

    // System.console() does not tell: since Java 22 there is one even where nothing is a terminal.
    private static boolean isTerminal(Stream stream) {
        try {
            String target = Files.readSymbolicLink(Path.of("/proc/self/fd/" + stream.descriptor))
                    .toString();
            return target.startsWith("/dev/pts/") || target.startsWith("/dev/tty") || target.equals("/dev/console");
        } catch (IOException | UnsupportedOperationException unknown) {
            return false;
        }
    }

    private static int columns(String text) {
        try {
            return text == null ? FALLBACK_COLUMNS : Integer.parseInt(text.strip());
        } catch (NumberFormatException noNumber) {
            return FALLBACK_COLUMNS;
        }
    }
}
