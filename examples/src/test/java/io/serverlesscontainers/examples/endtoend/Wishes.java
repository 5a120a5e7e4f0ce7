package io.serverlesscontainers.examples.endtoend;

import io.serverlesscontainers.examples.endtoend.LimitWatch.Move;
import io.serverlesscontainers.examples.service.JarProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * What Guardians asked for, as they say in their logs. Each line is written before its request is, so there is one for every
 * request that there ever was.
 */
final class Wishes {
    private static final Pattern REQUEST = Pattern.compile(
            "([0-9:.]{12}) .*GuardianWork: (\\S+) (\\S+): .* request [+-]\\d+ \\S+, limit (\\d+) to (\\d+).*");
    private static final Duration DAY = Duration.ofDays(1);
    private static final Duration CLOCKS = Duration.ofMillis(50);

    private final List<Wish> wishes = new ArrayList<>();

    private record Wish(LocalTime at, String structure, String resource, long from, long to) {
        long amount() {
            return to - from;
        }

        /** How long before a change it was made. */
        Duration age(Move move) {
            Duration age = Duration.between(at, LocalTime.ofInstant(move.at(), ZoneId.systemDefault()));
            return age.plus(DAY.dividedBy(2)).isNegative() ? age.plus(DAY) : age;
        }
    }

    /** Of all that these ever said. */
    static Wishes of(JarProcess... guardians) throws IOException {
        var wishes = new Wishes();
        for (JarProcess guardian : guardians) {
            guardian.log()
                    .lines()
                    .map(REQUEST::matcher)
                    .filter(Matcher::matches)
                    .forEach(found -> wishes.wishes.add(new Wish(
                            LocalTime.parse(found.group(1)),
                            found.group(2),
                            found.group(3),
                            Long.parseLong(found.group(4)),
                            Long.parseLong(found.group(5)))));
        }
        return wishes;
    }

    /**
     * Which changes of a limit nobody asked for: for which there is no request of their own, made for the limit that was
     * there, by as much as the bounds leave of it, and not long before.
     *
     * @param goodFor how long before a change its request is made at most
     */
    List<Move> unasked(String structure, String resource, List<Move> moves, long min, long max, Duration goodFor) {
        var unasked = new ArrayList<Move>();
        List<Wish> open = new ArrayList<>(wishes.stream()
                .filter(wish ->
                        wish.structure().equals(structure) && wish.resource().equals(resource))
                .toList());
        for (Move move : moves) {
            Optional<Wish> own = own(open, move, min, max, goodFor);
            own.ifPresentOrElse(open::remove, () -> unasked.add(move));
        }
        return unasked;
    }

    /** The oldest one that fits. */
    private static Optional<Wish> own(List<Wish> open, Move move, long min, long max, Duration goodFor) {
        return open.stream()
                .filter(wish -> move.to() == Math.max(min, Math.min(max, move.from() + wish.amount())))
                .filter(wish -> isBetween(wish.age(move), CLOCKS.negated(), goodFor))
                .filter(wish -> wish.from() == move.from())
                .findFirst();
    }

    private static boolean isBetween(Duration span, Duration least, Duration most) {
        return span.compareTo(least) >= 0 && span.compareTo(most) <= 0;
    }

    @Override
    public String toString() {
        return wishes.toString();
    }
}
