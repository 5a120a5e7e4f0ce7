package io.serverlesscontainers.examples.quickstart.report;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.serverlesscontainers.core.accounting.Utilization;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.Optional;

/**
 * What a run of the quickstart came to.
 *
 * @param driver what made the containers: cgroup, lxc or simulated
 * @param duration how long it ran
 * @param containers each container
 * @param decisions how many decisions were taken, those to do nothing included
 * @param invariantViolations how often a limit was seen outside its bounds, or a chain that is none
 * @param reaction how fast limits followed
 * @param plots the files drawn
 */
public record QuickstartReport(
        String driver,
        Duration duration,
        List<ContainerReport> containers,
        long decisions,
        long invariantViolations,
        ReactionTimes reaction,
        List<Path> plots) {
    /** Copies the lists. */
    public QuickstartReport {
        Objects.requireNonNull(driver, "driver");
        Objects.requireNonNull(duration, "duration");
        containers = List.copyOf(containers);
        Objects.requireNonNull(reaction, "reaction");
        plots = List.copyOf(plots);
    }

    /** CPU of all containers together, in core·s. */
    public Utilization cpu() {
        return containers.stream().map(ContainerReport::cpu).reduce(Utilization.NONE, Utilization::plus);
    }

    /** Memory of all containers together, in MiB·s. */
    public Utilization memory() {
        return containers.stream().map(ContainerReport::memory).reduce(Utilization.NONE, Utilization::plus);
    }

    /** The report for programs; {@code utilization} is that of the CPU. */
    public ObjectNode toJson() {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("driver", driver);
        json.put("durationSeconds", duration.toMillis() / 1000.0);
        var list = json.putArray("containers");
        containers.forEach(container -> list.add(toJson(container)));
        putUtilization(json.putObject("utilization"), cpu());
        putUtilization(json.putObject("memoryUtilization"), memory());
        json.put("decisions", decisions);
        json.put("invariantViolations", invariantViolations);
        json.putObject("reactionMillis")
                .put("p50", reaction.p50().toMillis())
                .put("p99", reaction.p99().toMillis())
                .put("max", reaction.max().toMillis());
        var files = json.putArray("plots");
        plots.forEach(plot -> files.add(plot.toString()));
        return json;
    }

    private static ObjectNode toJson(ContainerReport container) {
        ObjectNode json = JsonNodeFactory.instance.objectNode();
        json.put("name", container.name());
        json.put("scaleUps", container.scaleUps());
        json.put("scaleDowns", container.scaleDowns());
        json.put("usedCoreSeconds", rounded(container.cpu().used()));
        json.put("allocatedCoreSeconds", rounded(container.cpu().allocated()));
        json.put("reservedCoreSeconds", rounded(container.cpu().reserved()));
        json.put("usedMiBSeconds", rounded(container.memory().used()));
        json.put("allocatedMiBSeconds", rounded(container.memory().allocated()));
        json.put("reservedMiBSeconds", rounded(container.memory().reserved()));
        Optional<Double> throttled = container.throttledRatio().isPresent()
                ? Optional.of(rounded(container.throttledRatio().getAsDouble()))
                : Optional.empty();
        json.put("throttledRatio", throttled.orElse(null));
        return json;
    }

    private static void putUtilization(ObjectNode json, Utilization accounts) {
        json.put("serverless", rounded(accounts.ratio()));
        json.put("traditional", rounded(accounts.traditionalRatio()));
    }

    private static double rounded(double value) {
        return Math.round(value * 10_000) / 10_000.0;
    }
}
