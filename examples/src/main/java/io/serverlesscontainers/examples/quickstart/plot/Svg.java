package io.serverlesscontainers.examples.quickstart.plot;

/** Writes SVG text: elements with escaped attributes and texts, numbers that are short and the same in every locale. */
final class Svg {
    private final StringBuilder out = new StringBuilder();

    /** An element's start; the attributes are names and values in turn. */
    Svg open(String element, Object... attributes) {
        tag(element, attributes).append(">\n");
        return this;
    }

    /** An element's end. */
    Svg close(String element) {
        out.append("</").append(element).append(">\n");
        return this;
    }

    /** An element without content. */
    Svg empty(String element, Object... attributes) {
        tag(element, attributes).append("/>\n");
        return this;
    }

    /** An element that holds a text. */
    Svg text(String element, String text, Object... attributes) {
        tag(element, attributes).append('>').append(escaped(text)).append("</").append(element);
        out.append(">\n");
        return this;
    }

    @Override
    public String toString() {
        return out.toString();
    }

    private StringBuilder tag(String element, Object... attributes) {
        out.append('<').append(element);
        for (int i = 0; i < attributes.length; i += 2) {
            out.append(' ').append(attributes[i]).append("=\"");
            out.append(
                    attributes[i + 1] instanceof Number number
                            ? number(number.doubleValue())
                            : escaped(attributes[i + 1].toString()));
            out.append('"');
        }
        return out;
    }

    /** At most one decimal: a tenth of a pixel is not seen. */
    static String number(double value) {
        long tenths = Math.round(value * 10);
        return tenths % 10 == 0 ? Long.toString(tenths / 10) : Double.toString(tenths / 10.0);
    }

    /** A text as XML 1.0 may hold it: its five signs escaped, characters that it does not know replaced. */
    static String escaped(String text) {
        var safe = new StringBuilder(text.length());
        text.codePoints().forEach(character -> {
            switch (character) {
                case '&' -> safe.append("&amp;");
                case '<' -> safe.append("&lt;");
                case '>' -> safe.append("&gt;");
                case '"' -> safe.append("&quot;");
                case '\'' -> safe.append("&apos;");
                default -> safe.appendCodePoint(isAllowed(character) ? character : 0xFFFD);
            }
        });
        return safe.toString();
    }

    private static boolean isAllowed(int character) {
        return character == '\t'
                || character == '\n'
                || character >= 0x20 && character <= 0xD7FF
                || character >= 0xE000 && character <= 0xFFFD
                || character >= 0x10000;
    }
}
