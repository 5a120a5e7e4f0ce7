package io.serverlesscontainers.cgroups.internal.kernel;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ThreadLocalRandom;

/**
 * The files that are held open, of all hierarchies of one driver: as many as are allowed and no more. Who opens one more
 * closes one that was not used of late. Any number of threads may use it; reading and writing a file that is open does
 * not come by here.
 *
 * <p>What is closed is picked at random and gets a second chance if it was used since it was last picked. Strictly the one
 * unused for longest would be the worst choice: each window goes through all containers in the same order, so that it
 * is the one that is needed next, and with one file too many none would ever be found open.
 */
final class OpenFiles {
    private static final int MOST_CHANCES = 4;
    private static final int SHARE_TO_CLOSE = 8;

    // Guarded by "this". No descriptor's monitor is entered under this one, only the other way round.
    private final List<HeldDescriptor> held = new ArrayList<>();
    private int most;

    /** For so many, 1 or more. */
    OpenFiles(int most) {
        this.most = most;
    }

    /** For half of what this process may open, so that the rest of the program has the other half. */
    static OpenFiles halfOfAllowed() {
        return new OpenFiles((int) Math.max(1, Math.min(Libc.mostDescriptors() / 2, Integer.MAX_VALUE)));
    }

    /**
     * One more is open.
     *
     * @return the one to {@linkplain HeldDescriptor#release() release} instead, without holding any descriptor's monitor;
     *     null if there is none
     */
    synchronized HeldDescriptor add(HeldDescriptor opened) {
        opened.place = held.size();
        held.add(opened);
        if (held.size() <= most) {
            return null;
        }
        return remove(pick(held.size() - 1));
    }

    /** One is closed; does nothing if it is known to be. */
    synchronized void remove(HeldDescriptor closed) {
        if (closed.place != HeldDescriptor.NOWHERE) {
            remove(closed.place);
        }
    }

    /**
     * Closes some, because this process or the machine cannot open more, and from now on no more are held than are left
     * then: whatever else needs descriptors here would run out of them next. To be called without holding any descriptor's
     * monitor.
     *
     * @return false if there was none
     */
    boolean closeSome() {
        List<HeldDescriptor> some = new ArrayList<>();
        synchronized (this) {
            for (int i = held.size() / SHARE_TO_CLOSE; i >= 0 && !held.isEmpty(); i--) {
                some.add(remove(pick(held.size())));
            }
            most = Math.max(1, held.size());
        }
        some.forEach(HeldDescriptor::release);
        return !some.isEmpty();
    }

    /** The place of one of the first so many. */
    private int pick(int among) {
        int place = 0;
        for (int chance = 0; chance < MOST_CHANCES; chance++) {
            place = ThreadLocalRandom.current().nextInt(among);
            HeldDescriptor picked = held.get(place);
            if (!picked.used) {
                return place;
            }
            picked.used = false;
        }
        return place;
    }

    private HeldDescriptor remove(int place) {
        HeldDescriptor last = held.remove(held.size() - 1);
        HeldDescriptor removed = last;
        if (place < held.size()) {
            removed = held.set(place, last);
            last.place = place;
        }
        removed.place = HeldDescriptor.NOWHERE;
        return removed;
    }
}
