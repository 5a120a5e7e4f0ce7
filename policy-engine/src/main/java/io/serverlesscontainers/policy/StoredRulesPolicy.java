package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.RuleExplanation;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.store.Revisioned;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.Subscription;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Problem;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Rule;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The rule documents of a store as a policy, which follows their changes: see {@link ReloadablePolicy} for what a change
 * costs, when it comes into force and what becomes of a document that cannot be used.
 *
 * <p>After a change all rules are read again, and built, by an executor. Changes that come while that is going on are
 * answered together by one more reading. If the store cannot be read, the rules stay as they are; the next change
 * causes another attempt, and so does every window until one succeeds. Windows themselves never wait for the store.
 *
 * <p>The policy begins with what the store holds. A document that cannot be used at that time has no last good version.
 */
public final class StoredRulesPolicy implements ScalingPolicy {
    private static final Logger LOG = LoggerFactory.getLogger(StoredRulesPolicy.class);

    private final StateStore store;
    private final Executor background;
    private final Consumer<? super Problem> problems;
    private final ReloadablePolicy policy = ReloadablePolicy.ofDocuments(List.of(), none -> {});
    private final Subscription subscription;
    // Above 0 exactly while a reading is wanted or under way, so that there is never more than one.
    private final AtomicInteger unread = new AtomicInteger(1);
    private volatile boolean hasFailed;
    private volatile boolean isClosed;
    // Only for the reading under way.
    private List<Problem> refused = List.of();

    private StoredRulesPolicy(StateStore store, Executor background, Consumer<? super Problem> problems) {
        this.store = Objects.requireNonNull(store, "store");
        this.background = Objects.requireNonNull(background, "background");
        this.problems = Objects.requireNonNull(problems, "problems");
        // First, so that no change slips in between.
        this.subscription = store.subscribe(DocumentKind.RULES, change -> readSoon());
    }

    /**
     * A policy with the rules of a store, from now on until it is closed. The store stays open.
     *
     * @param background reads and builds; called by whatever thread the store tells changes on, and after a failure by
     *     the one that decides
     * @param problems is told of each document that cannot be used, and of the store if it cannot be read: when that
     *     begins, and not again while it lasts. It is called by the thread that reads, now by the caller's
     * @throws io.serverlesscontainers.store.StateStoreException if the rules cannot be read now
     */
    public static StoredRulesPolicy following(
            StateStore store, Executor background, Consumer<? super Problem> problems) {
        var policy = new StoredRulesPolicy(store, background, problems);
        try {
            policy.read().forEach(problems);
        } catch (RuntimeException e) {
            policy.close();
            throw e;
        }
        policy.finish(1);
        return policy;
    }

    private void readSoon() {
        if (unread.getAndIncrement() == 0) {
            readInBackground();
        }
    }

    private void readInBackground() {
        try {
            background.execute(this::readAgain);
        } catch (RejectedExecutionException e) {
            try {
                failed("cannot be read again, as the executor takes no work", e).forEach(problems);
            } finally {
                unread.set(0); // what was counted meanwhile is not lost: the next window tries again
            }
        }
    }

    private void readAgain() {
        int answered = unread.get();
        try {
            if (!isClosed) {
                newProblems().forEach(problems);
            }
        } finally {
            finish(answered);
        }
    }

    private List<Problem> newProblems() {
        try {
            List<Problem> news = read();
            hasFailed = false;
            return news;
        } catch (RuntimeException e) {
            return failed("cannot be read again", e);
        }
    }

    /** Another reading if there was a change during this one. */
    private void finish(int answered) {
        if (unread.addAndGet(-answered) != 0) {
            readInBackground();
        }
    }

    /** Reads all documents and replaces the rules; the problems that were not there before. */
    private List<Problem> read() {
        List<Rule> rules = store.findAll(DocumentKind.RULES).stream()
                .map(Revisioned::document)
                .toList();
        Reload reload = policy.replace(rules);
        LOG.info(
                "rules read: {} groups rebuilt, {} reused, {} documents refused",
                reload.groupsRebuilt(),
                reload.groupsReused(),
                reload.refused().size());
        List<Problem> news = reload.refused().stream()
                .filter(problem -> !refused.contains(problem))
                .toList();
        refused = reload.refused();
        return news;
    }

    private List<Problem> failed(String whatIsWrong, RuntimeException why) {
        boolean isNew = !hasFailed && !isClosed;
        hasFailed = true;
        String sentence = whatIsWrong + ", the last good ones stay in force: " + why.getMessage();
        return isNew ? List.of(new Problem("rules", sentence)) : List.of();
    }

    /** As {@link ReloadablePolicy#resources()}. */
    @Override
    public Set<Resource> resources() {
        return policy.resources();
    }

    /** Begins a window: the newest rules come into force. */
    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        if (hasFailed && unread.compareAndSet(0, 1)) {
            readInBackground();
        }
        policy.detectEvents(states, firings);
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        policy.decideRequests(tallies, firings);
    }

    /** As {@link ReloadablePolicy#explain(ResourceState)}. */
    @Override
    public List<RuleExplanation> explain(ResourceState state) {
        return policy.explain(state);
    }

    /** As {@link ReloadablePolicy#explain(EventTally)}. */
    @Override
    public List<RuleExplanation> explain(EventTally tally) {
        return policy.explain(tally);
    }

    /** Ends the subscription: the rules stay as they are. A reading under way comes to its end. */
    @Override
    public void close() {
        isClosed = true;
        subscription.close();
    }
}
