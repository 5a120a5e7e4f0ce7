package io.serverlesscontainers.opentsdb;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The name for which the server refused a query: it says of one only, even if there are more.
 *
 * @param kind {@code metrics}, or {@code tagk} for the name of a tag
 * @param name what it has never seen
 */
record UnknownName(String kind, String name) {
    private static final Pattern SENTENCE =
            Pattern.compile("No such name for '(metrics|tagk)': '(.*)'", Pattern.DOTALL);

    static Optional<UnknownName> in(HttpFailure failure) {
        Matcher matcher = SENTENCE.matcher(failure.serverSays());
        return failure.reason() == HttpFailure.Reason.REFUSED && matcher.find()
                ? Optional.of(new UnknownName(matcher.group(1), matcher.group(2)))
                : Optional.empty();
    }
}
