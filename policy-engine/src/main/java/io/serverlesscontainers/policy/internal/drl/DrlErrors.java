package io.serverlesscontainers.policy.internal.drl;

import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.drools.drl.ast.descr.RuleDescr;
import org.drools.drl.parser.DrlParser;
import org.drools.drl.parser.DroolsParserException;
import org.kie.api.builder.Message;

/**
 * Finds all errors of a text, and whose they are. The compiler stops at the first stage that has errors, and says of few
 * of them which rule they are in; so each rule is compiled once more, alone and where it stands.
 */
final class DrlErrors {
    private static final Pattern PARSERS_PREFIX = Pattern.compile("\\[ERR \\d+] (Line \\d+:\\d+ )?");
    private static final List<String> NOISE = List.of("Java source of ", "Parser returned a null Package");

    private final String text;

    DrlErrors(String text) {
        this.text = text;
    }

    /** The errors as sentences, which a build of the whole text led to. */
    List<String> all(DrlBuild whole) {
        var errors = new LinkedHashSet<String>();
        List<RuleDescr> rules = rules();
        boolean isParsed = !rules.isEmpty();
        if (isParsed) {
            DrlBuild noRule = DrlBuild.of(textOf(Set.of(), rules));
            noRule.errors().forEach(error -> add(error, 0, "", errors));
        }
        if (isParsed && errors.isEmpty()) {
            for (RuleDescr rule : rules) {
                DrlBuild alone = DrlBuild.of(textOf(withParents(rule, rules), rules));
                alone.errors().forEach(error -> add(error, rule.getLine(), ", rule '" + rule.getName() + "'", errors));
            }
        }
        if (errors.isEmpty()) {
            whole.errors().forEach(error -> add(error, 0, "", errors));
        }
        return List.copyOf(errors);
    }

    /** The rules in the text, with their places; none if it cannot be parsed. */
    private List<RuleDescr> rules() {
        var parser = new DrlParser();
        try {
            var parsed = parser.parse(false, text);
            return parsed == null || parser.hasErrors() ? List.of() : parsed.getRules();
        } catch (DroolsParserException e) {
            return List.of();
        }
    }

    private static Set<String> withParents(RuleDescr rule, List<RuleDescr> rules) {
        Map<String, RuleDescr> byName =
                rules.stream().collect(Collectors.toMap(RuleDescr::getName, Function.identity(), (one, other) -> one));
        var kept = new HashSet<String>();
        for (RuleDescr each = rule; each != null && kept.add(each.getName()); ) {
            each = byName.get(each.getParentName());
        }
        return kept;
    }

    /** The text with blanks for all other rules, so that every line is where it was. */
    private String textOf(Set<String> kept, List<RuleDescr> rules) {
        var alone = new StringBuilder(text);
        for (RuleDescr rule : rules) {
            int end = Math.min(rule.getEndCharacter() + 1, text.length());
            for (int at = rule.getStartCharacter(); at < end && !kept.contains(rule.getName()); at++) {
                if (text.charAt(at) != '\n') {
                    alone.setCharAt(at, ' ');
                }
            }
        }
        return alone.toString();
    }

    private static void add(Message error, int ruleLine, String rule, Set<String> errors) {
        String words = error.getText();
        if (NOISE.stream().noneMatch(words::startsWith)) {
            // The line may be of the Java that was made of the rule, or missing.
            boolean isOfText = error.getLine() > 0 && error.getPath().endsWith(".drl");
            int line = isOfText ? error.getLine() : ruleLine;
            errors.add((line > 0 ? "line " + line : "in the text") + rule + ": " + firstLine(words));
        }
    }

    private static String firstLine(String words) {
        String first = PARSERS_PREFIX
                .matcher(words)
                .replaceFirst("")
                .lines()
                .findFirst()
                .orElse("");
        return first.endsWith(":") ? first.substring(0, first.length() - 1) : first;
    }
}
