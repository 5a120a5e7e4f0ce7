package io.serverlesscontainers.policy.internal.drl;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.drools.model.Model;

/** The rules of {@code serverless.drl}, which became classes when this module was built. */
public final class CompiledRules {
    // Written by the build; one class name a line, after headers that have a colon.
    private static final String LIST_OF_CLASSES = "/META-INF/kie/io.serverlesscontainers/policy-engine/drools-model";

    private CompiledRules() {}

    /** The rules as Drools takes them. */
    public static List<Model> load() {
        try (InputStream list = CompiledRules.class.getResourceAsStream(LIST_OF_CLASSES)) {
            if (list == null) {
                throw new IllegalStateException("the jar has no " + LIST_OF_CLASSES + ": its rules were not compiled");
            }
            return new String(list.readAllBytes(), StandardCharsets.UTF_8)
                    .lines()
                    .filter(line -> !line.isBlank() && line.indexOf(':') < 0)
                    .map(CompiledRules::model)
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException("the list of compiled rules cannot be read", e);
        }
    }

    private static Model model(String className) {
        try {
            Class<?> compiled = Class.forName(className, true, CompiledRules.class.getClassLoader());
            return (Model) compiled.getDeclaredConstructor().newInstance();
        } catch (InvocationTargetException e) {
            throw new IllegalStateException("compiled rules " + className + " cannot be used", e.getCause());
        } catch (ReflectiveOperationException e) {
            throw new IllegalStateException("compiled rules " + className + " are not in the jar", e);
        }
    }
}
