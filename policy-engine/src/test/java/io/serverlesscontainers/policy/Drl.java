package io.serverlesscontainers.policy;

/** Texts in DRL. */
final class Drl {
    private static final String HEAD = """
            package my.policy
            import io.serverlesscontainers.core.spi.EventRule
            import io.serverlesscontainers.core.spi.EventTally
            import io.serverlesscontainers.core.spi.RequestRule
            import io.serverlesscontainers.core.spi.ResourceState
            import io.serverlesscontainers.core.spi.ScalingPolicy.Firings
            import io.serverlesscontainers.store.document.Rescale
            import io.serverlesscontainers.store.document.Resource
            import io.serverlesscontainers.store.document.ScaleEvents
            global Firings firings
            """;
    /** How many lines come before the rules. */
    static final int HEAD_LINES = (int) HEAD.lines().count();

    private Drl() {}

    /** Rules with everything imported before them. */
    static String text(String... rules) {
        return HEAD + String.join("", rules);
    }

    /** A rule that tells of an event up, of whatever its condition calls {@code $state}. */
    static String eventRule(String name, String condition) {
        return "rule \"" + name + "\"\nwhen\n    " + condition + "\nthen\n    firings.fired($state, new EventRule(\""
                + name + "\", $state.resource(), ScaleEvents.UP));\nend\n";
    }
}
