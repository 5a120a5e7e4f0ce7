package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.core.spi.UsageQuery;
import io.serverlesscontainers.core.spi.Usages;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;

/**
 * A program of its own, which a test starts with few descriptors: measures the containers that are named on standard input,
 * and says on standard output what came of it, one line for each window. An argument is how many files to hold open.
 */
final class FewDescriptors {
    private static final int WINDOWS = 3;

    private FewDescriptors() {}

    /** Measures. */
    public static void main(String... mostOpenFiles) throws IOException {
        var input = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        List<String> names = input.lines().toList();
        Cgroups.Builder settings = Cgroups.builder();
        if (mostOpenFiles.length > 0) {
            settings.mostOpenFiles(Integer.parseInt(mostOpenFiles[0]));
        }
        var query = new UsageQuery(
                Structure.Subtype.CONTAINER,
                names,
                Set.of(Resource.CPU, Resource.MEMORY),
                Instant.EPOCH,
                Instant.EPOCH);
        try (KernelCgroupDriver driver = settings.build();
                var source = new CgroupMetricSource(driver)) {
            for (int window = 0; window < WINDOWS; window++) {
                long start = System.nanoTime();
                Usages usages = source.usage(query);
                long millis = Duration.ofNanos(System.nanoTime() - start).toMillis();
                System.out.println(new Window(
                        count(names, usages, Resource.CPU),
                        count(names, usages, Resource.MEMORY),
                        usages.problems().size(),
                        OpenDescriptors.onTestsCgroups(),
                        millis));
            }
        }
    }

    private static long count(List<String> names, Usages usages, Resource resource) {
        return names.stream()
                .filter(name -> usages.of(name, resource).isPresent())
                .count();
    }

    /** What one window came to; written and read as a line. */
    record Window(long cpu, long memory, long problems, long openFiles, long millis) {
        static Window parse(String line) {
            String[] numbers = line.split(" ");
            return new Window(
                    Long.parseLong(numbers[0]),
                    Long.parseLong(numbers[1]),
                    Long.parseLong(numbers[2]),
                    Long.parseLong(numbers[3]),
                    Long.parseLong(numbers[4]));
        }

        @Override
        public String toString() {
            return cpu + " " + memory + " " + problems + " " + openFiles + " " + millis;
        }
    }
}
