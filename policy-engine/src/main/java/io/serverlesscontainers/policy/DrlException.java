package io.serverlesscontainers.policy;

import java.util.List;

/** DRL that cannot be used. Its message lists everything that is wrong with it, each with the line and the rule. */
public final class DrlException extends IllegalArgumentException {
    private static final long serialVersionUID = 1;

    private final String[] errors;

    /**
     * With all errors.
     *
     * @param name what the text is called: a file, as a rule
     * @param errors at least one, each a sentence that says where
     */
    public DrlException(String name, List<String> errors) {
        super(name + " cannot be used: " + String.join("; ", errors));
        this.errors = errors.toArray(String[]::new);
    }

    /** The errors one by one; the words are the compiler's. */
    public List<String> errors() {
        return List.of(errors);
    }
}
