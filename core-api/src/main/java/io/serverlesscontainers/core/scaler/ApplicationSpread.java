package io.serverlesscontainers.core.scaler;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Divides an amount that an application is to get, or to give, among its containers. What counts is each container's
 * slack: its limit less its usage. An increase goes to those with the least slack, until they have as much as the next
 * ones, and so on; a decrease is taken from those with the most, in the same way. No container leaves its own [min, max].
 *
 * <p>One whose usage is not known counts as if it had the average slack.
 */
final class ApplicationSpread {
    /**
     * A container of the application.
     *
     * @param name its name
     * @param current its limit
     * @param min its lowest limit
     * @param max its highest limit
     * @param usage its mean usage, NaN if that is not known
     */
    record Part(String name, long current, long min, long max, double usage) {
        private boolean isKnown() {
            return !Double.isNaN(usage);
        }
    }

    private ApplicationSpread() {}

    /**
     * The amount for each container that gets or gives any; what no container can take is in none of them.
     *
     * @param amount what the application gets, negative to take it away
     * @param parts its containers, each name once
     */
    static Map<String, Long> of(long amount, List<Part> parts) {
        boolean up = amount > 0;
        double average = parts.stream()
                .filter(Part::isKnown)
                .mapToDouble(part -> part.current() - part.usage())
                .average()
                .orElse(0);
        // Taking from the most slack is giving to the least, seen from the other side.
        List<Share> shares = parts.stream()
                .map(part -> {
                    double slack = part.isKnown() ? part.current() - part.usage() : average;
                    long room = up ? part.max() - part.current() : part.current() - part.min();
                    return new Share(part.name(), Math.round(up ? slack : -slack), Math.max(0, room));
                })
                .sorted(Comparator.comparingLong(Share::level).thenComparing(Share::name))
                .toList();
        Map<String, Long> amounts = new LinkedHashMap<>();
        fill(shares, Math.abs(amount)).forEach((name, given) -> amounts.put(name, up ? given : -given));
        return amounts;
    }

    private record Share(String name, long level, long room) {
        /** What fills it to a level. */
        long upTo(long wanted) {
            return Math.max(0, Math.min(room, wanted - level));
        }
    }

    private static Map<String, Long> fill(List<Share> lowestFirst, long amount) {
        if (lowestFirst.isEmpty()) {
            return Map.of();
        }
        // The highest level that the amount reaches everywhere; what is left then fills some by one more.
        long low = lowestFirst.get(0).level();
        long high = lowestFirst.get(lowestFirst.size() - 1).level() + amount;
        while (low < high) {
            long middle = low + (high - low + 1) / 2;
            if (filled(lowestFirst, middle) <= amount) {
                low = middle;
            } else {
                high = middle - 1;
            }
        }
        long left = amount - filled(lowestFirst, low);
        Map<String, Long> amounts = new LinkedHashMap<>();
        for (Share share : lowestFirst) {
            long given = share.upTo(low);
            if (left > 0 && share.upTo(low + 1) > given) {
                given++;
                left--;
            }
            if (given > 0) {
                amounts.put(share.name(), given);
            }
        }
        return amounts;
    }

    private static long filled(List<Share> shares, long level) {
        return shares.stream().mapToLong(share -> share.upTo(level)).sum();
    }
}
