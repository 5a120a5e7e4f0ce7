package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.internal.document.LoadedDocuments;
import io.serverlesscontainers.policy.internal.document.RuleDocuments;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Consumer;

/**
 * A policy of rule documents that may be replaced while windows run. {@link StoredRulesPolicy} does so with the documents
 * of a store.
 *
 * <p>{@link #replace} may be called by any thread, at any time. It builds the new rules on that thread, and a window in
 * progress does not notice. The newest rules that are finished come into force at the beginning of a window, with
 * {@link #detectEvents}, and stay so until its {@link #decideRequests}: every window is decided by one version of the
 * documents alone. These two are for one thread at a time.
 *
 * <p>A changed amount, a changed number in a condition or of events costs next to nothing. A condition that says something
 * else, and a rule that comes or goes, has the rules of its resource and kind compiled again, and no others.
 */
public final class ReloadablePolicy implements ScalingPolicy {
    private final ReentrantLock replacing = new ReentrantLock();
    private volatile Version newest;
    // Only for the thread that decides. Versions share compiled rules, which are loaded by whoever runs them last: no
    // version ever runs on another thread, and none after a newer one has taken its place.
    private DroolsScalingPolicy inForce;

    /** Documents with their compiled rules, and the policy over these. */
    private record Version(LoadedDocuments documents, DroolsScalingPolicy policy) {
        Version(LoadedDocuments documents) {
            this(documents, DroolsScalingPolicy.of(documents));
        }
    }

    private ReloadablePolicy(LoadedDocuments first) {
        newest = new Version(first);
        inForce = newest.policy();
    }

    /**
     * A policy that begins with the rules of some documents, as {@link DroolsScalingPolicy#ofDocuments}. A document that
     * cannot be used has no last good version yet; it is left out until a sound one replaces it.
     *
     * @param rules the documents; of two with the same name the first counts
     * @param problems is told of each document that cannot be used
     */
    public static ReloadablePolicy ofDocuments(List<Rule> rules, Consumer<Problem> problems) {
        return new ReloadablePolicy(LoadedDocuments.compile(RuleDocuments.read(byName(rules), problems)));
    }

    /**
     * Replaces all documents from the next window on. One that is missing now, or is not active, is off. One that is
     * active but cannot be used leaves its last good version in force, if it was in force until now.
     *
     * @param rules all documents; of two with the same name the first counts
     */
    public Reload replace(List<Rule> rules) {
        replacing.lock();
        try {
            var refused = new ArrayList<Problem>();
            LoadedDocuments before = newest.documents();
            LoadedDocuments next = before.replacedBy(
                    RuleDocuments.read(byName(rules), before.documents().inForce(), refused::add));
            newest = new Version(next);
            int reused = next.groupsSharedWith(before);
            return new Reload(next.groups() - reused, reused, refused);
        } finally {
            replacing.unlock();
        }
    }

    /** Whoever lists the documents may do so in any order; in another one the rules would have to be compiled again. */
    private static List<Rule> byName(List<Rule> rules) {
        return rules.stream().sorted(Comparator.comparing(Rule::name)).toList();
    }

    /**
     * The resources of the newest rules, which the next {@link #detectEvents} takes unless still newer ones are finished
     * by then. To be asked before the facts of a window are collected; any thread may ask.
     */
    @Override
    public Set<Resource> resources() {
        return newest.policy().resources();
    }

    /** Begins a window: the newest rules come into force. */
    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        inForce = newest.policy();
        inForce.detectEvents(states, firings);
    }

    /** Decides by the rules that the last {@link #detectEvents} took; before the first one, by those it began with. */
    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        inForce.decideRequests(tallies, firings);
    }

    /** Explains by the newest rules, which the last window may not have had yet. */
    @Override
    public List<RuleExplanation> explain(ResourceState state) {
        return newest.policy().explain(state);
    }

    /** Explains by the newest rules, which the last window may not have had yet. */
    @Override
    public List<RuleExplanation> explain(EventTally tally) {
        return newest.policy().explain(tally);
    }
}
