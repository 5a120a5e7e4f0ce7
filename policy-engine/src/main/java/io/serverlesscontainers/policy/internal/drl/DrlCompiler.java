package io.serverlesscontainers.policy.internal.drl;

import io.serverlesscontainers.core.spi.ScalingPolicy.Firings;
import io.serverlesscontainers.policy.DrlException;
import io.serverlesscontainers.policy.internal.engine.RuleEngine;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.drools.model.Model;

/** Makes rules of a {@link DrlSource}, or says everything that is wrong with it. */
public final class DrlCompiler {
    private DrlCompiler() {}

    /**
     * The rules of a text.
     *
     * @param globals for the global variables that the text declares, besides the firings
     * @throws DrlException if it cannot be used
     */
    public static TrustedRules compile(DrlSource source, Map<String, ?> globals) {
        DrlBuild build = DrlBuild.of(source.text());
        if (!build.errors().isEmpty()) {
            throw new DrlException(source.name(), new DrlErrors(source.text()).all(build));
        }
        List<String> errors = errors(build.models(), globals);
        if (!errors.isEmpty()) {
            throw new DrlException(source.name(), errors);
        }
        return new TrustedRules(build.models(), globals);
    }

    private static List<String> errors(List<Model> models, Map<String, ?> globals) {
        var errors = new ArrayList<String>();
        if (models.stream().allMatch(model -> model.getRules().isEmpty())) {
            errors.add("it has no rules");
        }
        Map<String, Class<?>> declared = new HashMap<>();
        models.forEach(model -> model.getGlobals().forEach(global -> declared.put(global.getName(), global.getType())));
        if (declared.remove(RuleEngine.FIRINGS) != Firings.class) {
            errors.add("'global " + Firings.class.getCanonicalName() + " " + RuleEngine.FIRINGS
                    + "' is missing, through which rules tell that they hold");
        }
        for (String name : new TreeSet<>(declared.keySet())) {
            Object value = globals.get(name);
            if (value == null) {
                errors.add("global '" + name + "' is given no value");
            } else if (!declared.get(name).isInstance(value)) {
                errors.add("global '" + name + "' is given a "
                        + value.getClass().getName() + ", a "
                        + declared.get(name).getName() + " is needed");
            }
        }
        for (String name : new TreeSet<>(globals.keySet())) {
            if (!declared.containsKey(name)) {
                errors.add("global '" + name + "' is given a value, but not declared");
            }
        }
        return errors;
    }
}
