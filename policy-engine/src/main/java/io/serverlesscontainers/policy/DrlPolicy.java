package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.EventRule;
import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.RequestRule;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.policy.internal.drl.DrlCompiler;
import io.serverlesscontainers.policy.internal.drl.DrlSource;
import io.serverlesscontainers.policy.internal.drl.RuleKind;
import io.serverlesscontainers.policy.internal.drl.WholeWindow;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * A scaling policy of your own, written in DRL: alone, or beside another one by {@link ScalingPolicy#and}. The package's
 * documentation lists what rules may use, with an example.
 *
 * <p><b>DRL is code.</b> It runs with the rights of this program, so it must come from whoever may change the program. No
 * document and no request ever becomes DRL.
 *
 * <p>The text is compiled when the policy is made, which takes some tenths of a second, and the first time in a JVM a few
 * seconds. It needs {@code org.drools:drools-engine} on the class path; a JRE is enough. Classes that it names are found by
 * the calling thread's context class loader.
 *
 * <p>All states of a window are in one session at once, and so are all tallies: rules may join facts, count them, or ask
 * that there be none. There is no decision cache: with five rules a state costs about a microsecond, and several if they
 * join. A join that no equality narrows down looks at every pair of facts. What a rule tells more than once for a fact
 * counts once.
 *
 * <p>A rule that fails is reported through {@link Firings#failed}, at the fact that it failed on, or at the window's first
 * if there is none to be named. Where the consequence throws, everything else goes on. Where a condition throws, its rule
 * is left out of this window, for all facts: leaving out a fact instead could make a {@code not} true. The window is then
 * run anew, so that consequences which do more than tell do so again. Where no single rule can be blamed, none of them
 * tells anything in this window.
 *
 * <p>A policy does not change, and keeps nothing between windows; objects given as globals are the caller's business. It
 * may go from thread to thread, but is used by one at a time. What the receiver of firings throws reaches the caller, and
 * ends the call.
 */
public final class DrlPolicy implements ScalingPolicy {
    private static final String COMPILER = "org.drools.model.codegen.ExecutableModelProject";
    private static final Set<Resource> ALL = EnumSet.allOf(Resource.class);

    private final Set<Resource> resources;
    private final WholeWindow<ResourceState, EventRule> events;
    private final WholeWindow<EventTally, RequestRule> requests;

    private DrlPolicy(DrlSource source, Map<String, ?> globals, Set<Resource> resources) {
        if (resources.isEmpty()) {
            throw new IllegalArgumentException(source.name() + " is given no resources, at least one is needed");
        }
        this.resources = Collections.unmodifiableSet(EnumSet.copyOf(resources));
        var rules = DrlCompiler.compile(source, globals);
        events = new WholeWindow<>(rules, RuleKind.EVENTS);
        requests = new WholeWindow<>(rules, RuleKind.REQUESTS);
    }

    /** The rules of a text, for all resources and without globals of their own. */
    public static DrlPolicy of(String drl) {
        return of(drl, Map.of(), ALL);
    }

    /**
     * The rules of a text.
     *
     * @param drl trusted: it is code
     * @param globals what the rules find in the global variables that they declare, besides {@code firings}
     * @param resources what the rules look at; they are shown facts of these resources only
     * @throws DrlException if the text does not compile, or its globals are not those given; names every error
     * @throws IllegalStateException if the DRL compiler is not on the class path; says what to add
     */
    public static DrlPolicy of(String drl, Map<String, ?> globals, Set<Resource> resources) {
        requireCompiler();
        return new DrlPolicy(new DrlSource("DRL text", drl), globals, resources);
    }

    /** The rules of a file, for all resources and without globals of their own. */
    public static DrlPolicy ofFile(Path file) {
        return ofFile(file, Map.of(), ALL);
    }

    /**
     * The rules of a file in UTF-8, as it is now.
     *
     * @param file trusted: what is in it is code
     * @param globals what the rules find in the global variables that they declare, besides {@code firings}
     * @param resources what the rules look at; they are shown facts of these resources only
     * @throws DrlException if the text does not compile, or its globals are not those given; names every error
     * @throws IllegalStateException if the DRL compiler is not on the class path; says what to add
     * @throws UncheckedIOException if the file cannot be read
     */
    public static DrlPolicy ofFile(Path file, Map<String, ?> globals, Set<Resource> resources) {
        requireCompiler();
        try {
            return new DrlPolicy(new DrlSource(file.toString(), Files.readString(file)), globals, resources);
        } catch (IOException e) {
            throw new UncheckedIOException("rules '" + file + "' cannot be read", e);
        }
    }

    private static void requireCompiler() {
        try {
            Class.forName(COMPILER, false, DrlPolicy.class.getClassLoader());
        } catch (ClassNotFoundException e) {
            throw new IllegalStateException(
                    "rules in DRL need the DRL compiler: add org.drools:drools-engine to the class path", e);
        }
    }

    @Override
    public Set<Resource> resources() {
        return resources;
    }

    @Override
    public void detectEvents(List<ResourceState> states, Firings<ResourceState, EventRule> firings) {
        events.run(ofMyResources(states, RuleKind.EVENTS), firings);
    }

    @Override
    public void decideRequests(List<EventTally> tallies, Firings<EventTally, RequestRule> firings) {
        requests.run(ofMyResources(tallies, RuleKind.REQUESTS), firings);
    }

    private <F> List<F> ofMyResources(List<F> facts, RuleKind<F, ?> kind) {
        return resources.size() == ALL.size()
                ? facts
                : facts.stream()
                        .filter(fact -> resources.contains(kind.resourceOf(fact)))
                        .toList();
    }
}
