package io.serverlesscontainers.policy;

import io.serverlesscontainers.policy.RuleSetCheck.Finding;
import io.serverlesscontainers.policy.RuleSetCheck.Severity;
import io.serverlesscontainers.policy.internal.check.Condition;
import io.serverlesscontainers.policy.internal.check.Example;
import io.serverlesscontainers.policy.internal.check.Known;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import io.serverlesscontainers.store.document.Rule.Generates;
import java.math.BigDecimal;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/** One check of a rule set, step by step. For one set and one thread. */
final class RuleSetInspection {
    private final EventLifetime lifetime;
    private final List<Finding> findings = new ArrayList<>();

    RuleSetInspection(EventLifetime lifetime) {
        this.lifetime = lifetime;
    }

    List<Finding> of(List<Rule> rules) {
        Map<Resource, List<CheckedRule>> byResource = read(rules).stream()
                .map(CheckedRule::of)
                .collect(Collectors.groupingBy(CheckedRule::resource, LinkedHashMap::new, Collectors.toList()));
        byResource.values().forEach(this::inspect);
        return findings;
    }

    private List<Rule> read(List<Rule> rules) {
        List<Rule> active = rules.stream().filter(Rule::isActive).toList();
        List<Rule> usable = RuleReading.usable(
                active, (rule, problem) -> find(Severity.ERROR, problem.sentence(), List.of(rule.name())));
        rules.stream()
                .filter(rule -> !rule.isActive())
                .forEach(rule -> RuleReading.problemIfActive(rule)
                        .ifPresent(problem -> find(
                                Severity.NOTE,
                                "is not active, and would be refused if it were: " + problem.sentence(),
                                List.of(rule.name()))));
        return usable;
    }

    /** The rules of one resource; those of different ones have nothing to do with each other. */
    private void inspect(List<CheckedRule> rules) {
        List<CheckedRule> events = inspectEventRules(
                rules.stream().filter(it -> it.generates() == Generates.EVENTS).toList());
        List<CheckedRule> requests = rules.stream()
                .filter(it -> it.generates() == Generates.REQUESTS)
                .toList();
        inspectRequestRules(requests, events);
    }

    /** Gives those that can fire. */
    private List<CheckedRule> inspectEventRules(List<CheckedRule> rules) {
        Known known = Known.ofState();
        var firing = new ArrayList<CheckedRule>();
        for (CheckedRule rule : rules) {
            List<String> contradiction = rule.condition().contradiction(known);
            if (contradiction.isEmpty()) {
                firing.add(rule);
            } else {
                neverFires(rule, cannotHold(contradiction));
            }
        }
        findTwins(firing);
        findOpposites(firing, known, "adds %s events");
        for (CheckedRule rule : firing) {
            if (rule.directions().size() > 1) {
                find(Severity.NOTE, "adds up and down events at once", List.of(rule.name()));
            }
        }
        return firing;
    }

    private void inspectRequestRules(List<CheckedRule> rules, List<CheckedRule> eventRules) {
        BigDecimal mostUp = mostAlive(eventRules, Direction.UP);
        BigDecimal mostDown = mostAlive(eventRules, Direction.DOWN);
        Known known = Known.ofLiveEvents(mostUp, mostDown);
        var firing = new ArrayList<CheckedRule>();
        for (CheckedRule rule : rules) {
            Optional<String> whyNever = whyNever(rule, eventRules);
            if (whyNever.isEmpty()) {
                firing.add(rule);
            } else {
                neverFires(rule, whyNever.get());
            }
        }
        findTwins(firing);
        findOpposites(firing, known, "moves the limit %s");
        for (CheckedRule rule : firing) {
            Direction own = rule.document().rescale().direction();
            Known withoutOwn = own == Direction.UP
                    ? Known.ofLiveEvents(BigDecimal.ZERO, mostDown)
                    : Known.ofLiveEvents(mostUp, BigDecimal.ZERO);
            findRepeating(rule, own, rule.condition().example(withoutOwn));
        }
    }

    /** A rule that leaves the events that it needs fires again in the next window. */
    private void findRepeating(CheckedRule rule, Direction own, Optional<Example> withoutOwn) {
        if (rule.document().eventsToRemove().orElseThrow() == 0) {
            find(
                    Severity.WARNING,
                    "removes no event (events_to_remove is 0), so it fires again in every window for as long as its"
                            + " events live",
                    List.of(rule.name()));
        }
        withoutOwn.ifPresent(example -> find(
                Severity.WARNING,
                "moves the limit " + own.wireName() + " and holds without any " + own.wireName()
                        + " event, for instance at " + example + ": it removes " + own.wireName()
                        + " events alone, so it fires again in every window for as long as the others live",
                List.of(rule.name())));
    }

    private Optional<String> whyNever(CheckedRule rule, List<CheckedRule> eventRules) {
        Condition condition = rule.condition();
        List<String> contradiction = condition.contradiction(Known.ofCounts());
        if (!contradiction.isEmpty()) {
            return Optional.of(cannotHold(contradiction));
        }
        Known someLive = Known.ofLiveEvents();
        if (!condition.isPossible(someLive)) {
            return Optional.of("it holds only without any live event, and a resource without one is not looked at");
        }
        BigDecimal mostUp = mostAlive(eventRules, Direction.UP);
        BigDecimal mostDown = mostAlive(eventRules, Direction.DOWN);
        if (condition.isPossible(Known.ofLiveEvents(mostUp, mostDown))) {
            return Optional.empty();
        }
        for (Direction direction : Direction.values()) {
            BigDecimal needed = condition.leastEvents(direction, someLive);
            BigDecimal most = direction == Direction.UP ? mostUp : mostDown;
            if (needed.compareTo(most) > 0) {
                return Optional.of(tooFew(rule.resource(), direction, needed, eventRules));
            }
        }
        return Optional.of("it needs more live events than there can be, which is at most " + mostUp.toPlainString()
                + " up and " + mostDown.toPlainString() + " down");
    }

    private String tooFew(Resource resource, Direction direction, BigDecimal needed, List<CheckedRule> eventRules) {
        String way = direction.wireName();
        String needs = "it needs " + needed.toPlainString() + " live " + way + " event"
                + (needed.equals(BigDecimal.ONE) ? "" : "s") + ", and ";
        BigDecimal inOneWindow = inOneWindow(eventRules, direction);
        if (inOneWindow.signum() == 0) {
            return needs + "no active rule of " + resource + " that can fire adds any";
        }
        return needs + "at most " + mostAlive(eventRules, direction).toPlainString() + " can be alive at once: "
                + lifetime + ", and the rules add at most " + inOneWindow.toPlainString() + " in one window";
    }

    private BigDecimal mostAlive(List<CheckedRule> eventRules, Direction direction) {
        return inOneWindow(eventRules, direction).multiply(lifetime.windowsAlive());
    }

    /** As if all rules could fire in the same window, which is the most that there can be. */
    private static BigDecimal inOneWindow(List<CheckedRule> eventRules, Direction direction) {
        return eventRules.stream().map(it -> it.eventsTowards(direction)).reduce(BigDecimal.ZERO, BigDecimal::add);
    }

    private static String cannotHold(List<String> contradiction) {
        return String.join(" and ", contradiction) + " cannot hold" + (contradiction.size() == 1 ? "" : " together");
    }

    private void neverFires(CheckedRule rule, String why) {
        find(Severity.WARNING, "can never fire: " + why, List.of(rule.name()));
    }

    private record Meaning(String condition, Set<Direction> directions) {}

    private void findTwins(List<CheckedRule> rules) {
        rules.stream()
                .collect(Collectors.groupingBy(
                        it -> new Meaning(it.condition().toString(), it.directions()),
                        LinkedHashMap::new,
                        Collectors.mapping(CheckedRule::name, Collectors.toList())))
                .values()
                .stream()
                .filter(names -> names.size() > 1)
                .forEach(names -> find(
                        Severity.WARNING,
                        "have the same condition and the same direction, so whenever one fires, all do",
                        names));
    }

    /**
     * Rules of opposite directions that hold for the same facts.
     *
     * @param does what a rule does, with a place for the direction
     */
    private void findOpposites(List<CheckedRule> rules, Known known, String does) {
        for (int i = 0; i < rules.size(); i++) {
            for (int j = i + 1; j < rules.size(); j++) {
                CheckedRule one = rules.get(i);
                CheckedRule other = rules.get(j);
                if (pushes(one, Direction.UP) && pushes(other, Direction.DOWN)) {
                    findOverlap(one, other, known, does);
                } else if (pushes(one, Direction.DOWN) && pushes(other, Direction.UP)) {
                    findOverlap(other, one, known, does);
                }
            }
        }
    }

    private static boolean pushes(CheckedRule rule, Direction direction) {
        return rule.directions().contains(direction);
    }

    private void findOverlap(CheckedRule up, CheckedRule down, Known known, String does) {
        up.condition()
                .exampleWith(down.condition(), known)
                .ifPresent(example -> find(
                        Severity.WARNING,
                        "hold at once, for instance at " + example + ": the first "
                                + String.format(does, Direction.UP.wireName()) + ", the second "
                                + String.format(does, Direction.DOWN.wireName()),
                        List.of(up.name(), down.name())));
    }

    private void find(Severity severity, String sentence, List<String> rules) {
        findings.add(new Finding(severity, rules, sentence));
    }
}
