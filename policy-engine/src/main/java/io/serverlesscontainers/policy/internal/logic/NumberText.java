package io.serverlesscontainers.policy.internal.logic;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.MathContext;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Numbers as texts and back, the way ECMAScript does it (its {@code Number}, {@code parseFloat} and {@code String}). */
final class NumberText {
    // Possessive throughout: a long text costs one pass and no stack.
    private static final Pattern DECIMAL =
            Pattern.compile("[+-]?+(?:Infinity|(?:[0-9]++(?:\\.[0-9]*+)?+|\\.[0-9]++)(?:[eE][+-]?+[0-9]++)?+)");

    private static final double LARGEST_EXACT = 1L << 53;
    private static final int SURELY_EXACT_DIGITS = 15;
    private static final int MOST_DIGITS = 17;

    private NumberText() {}

    /** The number that the whole text is: 0 for an empty one, not-a-number for one that is none. */
    static double whole(String text) {
        String bare = strip(text, true);
        if (bare.isEmpty()) {
            return 0;
        }
        if (bare.length() > 2 && bare.charAt(0) == '0') {
            int radix = switch (bare.charAt(1)) {
                case 'x', 'X' -> 16;
                case 'o', 'O' -> 8;
                case 'b', 'B' -> 2;
                default -> 0;
            };
            if (radix != 0) {
                return ofRadix(bare.substring(2), radix);
            }
        }
        return DECIMAL.matcher(bare).matches() ? Double.parseDouble(bare) : Double.NaN;
    }

    /** The number that the text begins with; not-a-number if it begins with none. */
    static double leading(String text) {
        Matcher number = DECIMAL.matcher(strip(text, false));
        return number.lookingAt() ? Double.parseDouble(number.group()) : Double.NaN;
    }

    /** The shortest text that is read as this number again. */
    static String of(double number) {
        if (Double.isNaN(number) || Double.isInfinite(number)) {
            return Double.toString(number);
        }
        if (number == Math.rint(number) && Math.abs(number) < LARGEST_EXACT) {
            return Long.toString((long) number);
        }
        BigDecimal shortest = shortest(number);
        String digits = shortest.unscaledValue().abs().toString();
        // The number is 0.DIGITS times ten to this power.
        int point = digits.length() - shortest.scale();
        return (number < 0 ? "-" : "") + notation(digits, point);
    }

    private static String notation(String digits, int point) {
        if (point > 21 || point < -5) {
            String fraction = digits.length() == 1 ? "" : "." + digits.substring(1);
            return digits.charAt(0) + fraction + "e" + (point > 0 ? "+" : "-") + Math.abs(point - 1);
        }
        if (point <= 0) {
            return "0." + "0".repeat(-point) + digits;
        }
        return point >= digits.length()
                ? digits + "0".repeat(point - digits.length())
                : digits.substring(0, point) + "." + digits.substring(point);
    }

    private static BigDecimal shortest(double number) {
        // Not Double.toString, which before Java 19 is not always the shortest.
        BigDecimal exact = new BigDecimal(number);
        for (int digits = SURELY_EXACT_DIGITS; digits < MOST_DIGITS; digits++) {
            BigDecimal rounded = exact.round(new MathContext(digits));
            if (rounded.doubleValue() == number) {
                return shorterStill(rounded, number);
            }
        }
        return exact.round(new MathContext(MOST_DIGITS)).stripTrailingZeros();
    }

    /** The smallest numbers of all have fewer than 15 digits that count. */
    private static BigDecimal shorterStill(BigDecimal rounded, double number) {
        BigDecimal shortest = rounded.stripTrailingZeros();
        if (Math.abs(number) >= Double.MIN_NORMAL) {
            return shortest;
        }
        BigDecimal exact = new BigDecimal(number);
        for (int digits = 1; digits < shortest.precision(); digits++) {
            BigDecimal shorter = exact.round(new MathContext(digits));
            if (shorter.doubleValue() == number) {
                return shorter.stripTrailingZeros();
            }
        }
        return shortest;
    }

    private static double ofRadix(String digits, int radix) {
        boolean valid = digits.chars().allMatch(it -> it < 128 && Character.digit(it, radix) >= 0);
        // Beyond this length it is more than the largest number in every radix.
        if (!valid || digits.length() > 4 * Double.MAX_EXPONENT) {
            return valid ? Double.POSITIVE_INFINITY : Double.NaN;
        }
        return new BigInteger(digits, radix).doubleValue();
    }

    private static String strip(String text, boolean bothEnds) {
        int start = 0;
        int end = text.length();
        while (start < end && isSpace(text.charAt(start))) {
            start++;
        }
        while (bothEnds && end > start && isSpace(text.charAt(end - 1))) {
            end--;
        }
        return text.substring(start, end);
    }

    private static boolean isSpace(char c) {
        return c >= '\t' && c <= '\r' || c == '\uFEFF' || Character.isSpaceChar(c);
    }
}
