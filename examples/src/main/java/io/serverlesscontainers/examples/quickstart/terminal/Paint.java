package io.serverlesscontainers.examples.quickstart.terminal;

/** Colours by meaning (ECMA-48, select graphic rendition); nothing at all where there are no colours. */
enum Paint {
    PLAIN(""),
    STRONG("1"),
    QUIET("2"),
    USAGE("33"),
    LIMIT("1;34"),
    THRESHOLD("36"),
    GOOD("32");

    private final String code;

    Paint(String code) {
        this.code = code;
    }

    String on(String text, Look look) {
        return code.isEmpty() || text.isEmpty() || !look.colour() ? text : "\u001b[" + code + "m" + text + "\u001b[0m";
    }
}
