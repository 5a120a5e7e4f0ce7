package io.serverlesscontainers.examples.service.http;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;

/** What hostile requests are made of. */
public final class HostileInput {
    /** JSON that is refused wherever it stands: it is none, is too deep, or holds what no other program could read. */
    private static final List<String> NOWHERE = List.of(
            "NaN",
            "Infinity",
            "0x10",
            "\"\\u12\"",
            "'x'",
            "[".repeat(5_000),
            "{\"a\":".repeat(2_000),
            "[".repeat(150) + "]".repeat(150),
            "{\"a\":1,\"a\":2}",
            "1e400",
            "-1e400",
            "1e999999999",
            "9".repeat(900),
            "9".repeat(5_000),
            "\"\\ud800\"");

    private static final List<String> SOMEWHERE = List.of(
            "null",
            "true",
            "[]",
            "{}",
            "[1]",
            "{\"a\":\"cpu\"}",
            "\"\"",
            "\"x\"",
            "0",
            "-2",
            "1.5",
            "\"" + "9".repeat(5_000) + "\"",
            "\"0-\"",
            "\"-\"",
            "\"\\u0000\"",
            "\"0-99999\"",
            "\"1; rm -rf /\"",
            "\"\u0661\"",
            "\"../../x\"",
            "2147483648000",
            "[".repeat(90) + "]".repeat(90));

    private static final List<String> PARTS = List.of(
            "secret",
            "/",
            "%2f",
            "%2F",
            "..",
            "%2e%2e",
            "%2E.",
            ".",
            "sys",
            "fs",
            "%00",
            "%0a",
            "%",
            "%zz",
            "%ff",
            "%c0%ae",
            "%u002e",
            ";",
            "..;",
            "\\",
            "%5c",
            "?",
            "%3f",
            "~",
            "é",
            "+",
            "%20",
            "%ed%a0%80",
            "x".repeat(256),
            "y".repeat(3_000),
            "*",
            "'",
            "\"");

    private HostileInput() {}

    /** Headers that change nothing, are wrong, or try to lead somewhere else. */
    public static Arbitrary<String> headers() {
        return Arbitraries.of(
                "",
                "",
                "Content-Type: application/json\r\n",
                "Content-Type: multipart/form-data; boundary=x\r\n",
                "Content-Type: \u0007\r\n",
                "Content-Encoding: gzip\r\n",
                "Content-Type: application/json; charset=utf-7\r\n",
                "X-Http-Method-Override: DELETE\r\n",
                "Authorization: Bearer x\r\n");
    }

    /** Names that lead elsewhere, or to nothing at all, made of these parts too. */
    public static Arbitrary<String> names(String... more) {
        return Arbitraries.of(Stream.concat(PARTS.stream(), Stream.of(more)).toList())
                .list()
                .ofMinSize(2)
                .ofMaxSize(6)
                .map(parts -> String.join("", parts));
    }

    /** Values that are wrong in most places. */
    public static Arbitrary<String> values() {
        return Arbitraries.of(allValues());
    }

    /** All of these. */
    public static List<String> allValues() {
        return Stream.concat(NOWHERE.stream(), SOMEWHERE.stream()).toList();
    }

    /** Whether a value is wrong wherever it stands. */
    public static boolean isNowhereRight(String value) {
        return NOWHERE.contains(value);
    }

    /** Bytes that are nothing. */
    public static Arbitrary<byte[]> bytes() {
        return Arbitraries.bytes().array(byte[].class).ofMaxSize(200);
    }

    /** A text as it is sent. */
    public static byte[] sent(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }
}
