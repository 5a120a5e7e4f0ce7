package io.serverlesscontainers.examples.endtoend;

import io.serverlesscontainers.examples.endtoend.LimitWatch.Move;
import io.serverlesscontainers.examples.service.JarProcess;
import java.io.IOException;
import java.time.Duration;
import java.time.LocalTime;
import java.time.ZoneId;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
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
     * Which changes of a limit nobody asked for: for which there is no request of their own, for just this change and made
     * not long before.
     *
     * @param goodFor how long before a change its request is made at most
     */
    List<Move> unasked(String structure, String resource, List<Move> moves, Duration goodFor) {
        var unasked = new ArrayList<Move>();
        List<Wish> open = new ArrayList<>(wishes.stream()
                .filter(wish ->
                        wish.structure().equals(structure) && wish.resource().equals(resource))
                .toList());
        for (Move move : moves) {
            if (!take(open, move, goodFor)) {
                unasked.add(move);
            }
        }
        return unasked;
    }

    /** Takes the oldest one that fits. */
    private static boolean take(List<Wish> open, Move move, Duration goodFor) {
        for (Iterator<Wish> each = open.iterator(); each.hasNext(); ) {
            Wish wish = each.next();
            Duration age = wish.age(move);
            if (wish.from() == move.from()
                    && wish.to() == move.to()
                    && age.compareTo(goodFor) <= 0
                    && age.plus(CLOCKS).compareTo(Duration.ZERO) >= 0) {
                each.remove();
                return true;
            }
        }
        return false;
    }

    @Override
    public String toString() {
        return wishes.toString();
    }
}
