package io.serverlesscontainers.policy.internal.drl;

import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.drools.model.Model;
import org.drools.model.Rule;
import org.drools.model.impl.ModelImpl;
import org.drools.modelcompiler.KieBaseBuilder;
import org.kie.api.KieBase;
import org.kie.api.conf.KieBaseMutabilityOption;
import org.kie.api.runtime.KieSession;

/**
 * The compiled rules of a {@link DrlSource}, whole or in part, and their globals. What was built of some of the rules is
 * kept; nothing is ever taken out of a knowledge base. For one thread at a time.
 */
public final class TrustedRules {
    private final List<Model> models;
    private final Map<String, Object> globals;
    private final Set<String> names = new LinkedHashSet<>();
    private final Map<Set<String>, KieBase> built = new HashMap<>();

    TrustedRules(Collection<Model> models, Map<String, ?> globals) {
        this.models = List.copyOf(models);
        this.globals = Map.copyOf(globals);
        models.forEach(model -> model.getRules().forEach(rule -> names.add(rule.getName())));
    }

    /** The names of all rules. */
    Set<String> names() {
        return names;
    }

    /** A session with some of the rules that holds no facts yet; to be disposed of. */
    KieSession session(Set<String> some) {
        KieSession session =
                built.computeIfAbsent(Set.copyOf(some), this::build).newKieSession();
        globals.forEach(session::setGlobal);
        return session;
    }

    private KieBase build(Set<String> some) {
        // Rules that cannot change later let go of a fact at once if it matches none of them.
        return KieBaseBuilder.createKieBaseFromModel(
                models.stream().map(model -> part(model, some)).toList(), KieBaseMutabilityOption.DISABLED);
    }

    private static Model part(Model model, Set<String> some) {
        var part = new ModelImpl(model.getName())
                .withGlobals(model.getGlobals())
                .withQueries(model.getQueries())
                .withRules(model.getRules().stream()
                        .filter((Rule rule) -> some.contains(rule.getName()))
                        .toList());
        model.getTypeMetaDatas().forEach(part::addTypeMetaData);
        return part;
    }
}
