package io.serverlesscontainers.policy;

import io.serverlesscontainers.store.document.Rule;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.regex.Pattern;

/**
 * A look at rule documents before they run: which ones are refused, can never fire, or work against each other. It knows
 * the conditions and what is true of every repaired chain and every count of live events (design, sections 3 and 4), not
 * the structures that the rules will see.
 *
 * <p>There are no false alarms: a rule is said to never fire only if no fact can make its condition true, and two rules
 * to hold at once only if both were evaluated and true at the example that is told. What is more than comparisons of
 * variables and numbers, joined by {@code and}, {@code or} and {@code !}, is taken for possible, so some mistakes are
 * not found. Inactive rules are read, and take part in nothing else.
 *
 * <p>Immutable. The work grows with the number of pairs of opposing rules of a resource; the stock documents take a few
 * milliseconds.
 */
public final class RuleSetCheck {
    /** How bad a finding is, the worst first. */
    public enum Severity {
        /** The rule is refused: the policy runs without it. */
        ERROR,
        /** The rule is used, and hardly does what was meant. */
        WARNING,
        /** Worth knowing. */
        NOTE;

        /** Its word in a report. */
        public String word() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    /**
     * One thing found.
     *
     * @param severity how bad it is
     * @param rules the names of the rules that it is about, one or more; their order is that of the sentence
     * @param sentence what is the matter with them, without their names
     */
    public record Finding(Severity severity, List<String> rules, String sentence) {
        /** Copies the list. */
        public Finding {
            rules = List.copyOf(rules);
        }

        /** Severity, names and sentence as one line. */
        @Override
        public String toString() {
            return severity.word() + ": " + String.join(", ", rules) + ": " + sentence;
        }
    }

    private static final Pattern BREAKS_A_LINE = Pattern.compile("[\\p{Cntrl}\\u0085\\u2028\\u2029]");
    private static final int WIDEST_NAMES = 60;

    private final int rules;
    private final List<Finding> findings;

    private RuleSetCheck(int rules, List<Finding> findings) {
        this.rules = rules;
        this.findings = findings.stream()
                .sorted(Comparator.comparing(Finding::severity))
                .toList();
    }

    /**
     * Checks rules that are to work together.
     *
     * @param rules the documents, active or not
     * @param window the Guardian's window, and so the least time between two of them; more than 0
     * @param eventTimeout how long an event counts; more than 0
     * @throws IllegalArgumentException if a span is 0 or less
     */
    public static RuleSetCheck of(List<Rule> rules, Duration window, Duration eventTimeout) {
        return new RuleSetCheck(rules.size(), new RuleSetInspection(new EventLifetime(window, eventTimeout)).of(rules));
    }

    /** What was found, the worst first, else in the order of the documents. */
    public List<Finding> findings() {
        return findings;
    }

    /** Whether there is no error and no warning; there may be notes. */
    public boolean isClean() {
        return findings.stream().allMatch(it -> it.severity() == Severity.NOTE);
    }

    /** The findings as a table in plain text: one line each under a line that counts them. */
    public String report() {
        var report = new StringBuilder();
        report.append(counted(rules, "rule"));
        String separator = ": ";
        for (Severity severity : Severity.values()) {
            long count =
                    findings.stream().filter(it -> it.severity() == severity).count();
            report.append(separator).append(counted(count, severity.word()));
            separator = ", ";
        }
        report.append('\n');
        int widest = findings.stream().mapToInt(it -> names(it).length()).max().orElse(0);
        String line = "%-" + Severity.WARNING.word().length() + "s  %-" + Math.min(Math.max(widest, 1), WIDEST_NAMES)
                + "s  %s\n";
        for (Finding finding : findings) {
            report.append(String.format(
                    Locale.ROOT, line, finding.severity().word(), names(finding), onOneLine(finding.sentence())));
        }
        return report.toString();
    }

    private static String counted(long count, String word) {
        return count + " " + word + (count == 1 ? "" : "s");
    }

    private static String names(Finding finding) {
        return onOneLine(String.join(", ", finding.rules()));
    }

    /** Names are free text; one with a line break in it must not look like another finding. */
    private static String onOneLine(String text) {
        return BREAKS_A_LINE.matcher(text).replaceAll("\uFFFD");
    }
}
