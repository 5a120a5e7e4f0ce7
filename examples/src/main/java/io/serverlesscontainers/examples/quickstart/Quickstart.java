package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.core.Container;
import io.serverlesscontainers.core.ControllerWindow;
import io.serverlesscontainers.core.Sample;
import io.serverlesscontainers.core.ScalingController;
import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.core.spi.Throttling;
import io.serverlesscontainers.examples.quickstart.container.DemoContainers;
import io.serverlesscontainers.examples.quickstart.container.LxcContainers;
import io.serverlesscontainers.examples.quickstart.container.PlainCgroupContainers;
import io.serverlesscontainers.examples.quickstart.plot.Span;
import io.serverlesscontainers.examples.quickstart.plot.UsagePlot;
import io.serverlesscontainers.examples.quickstart.report.ContainerReport;
import io.serverlesscontainers.examples.quickstart.report.QuickstartReport;
import io.serverlesscontainers.examples.quickstart.terminal.Moment;
import io.serverlesscontainers.examples.quickstart.workload.Timetable;
import io.serverlesscontainers.examples.quickstart.workload.Workload;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadPlan;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import io.serverlesscontainers.policy.EnoughEvents;
import io.serverlesscontainers.policy.ServerlessParameters;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalDouble;
import java.util.function.Consumer;

/**
 * The main job in one run: two containers start traditional, with limits fixed at their maximum; turn serverless, their
 * limits following what they use; and end traditional again.
 */
public final class Quickstart implements QuickstartCommand.Engine {
    private static final List<String> CONTAINERS = List.of("cont0", "cont1");
    private static final Duration BETWEEN_LOOKS = Duration.ofMillis(200);
    private static final Duration MOMENT = Duration.ofMillis(500);

    private static final long CPU_MIN = 10;
    private static final long CPU_MOST = 100;
    private static final int CPU_BOUNDARY_PERCENT = 10;
    private static final long CPU_UP = 30;
    private static final long MEMORY_MIN_MIB = 64;
    private static final long MEMORY_MAX_MIB = 256;
    private static final int MEMORY_BOUNDARY_PERCENT = 10;
    private static final long MEMORY_UP_MIB = 64;
    /** Fewer than the stock 8: there is a minute to show it all. */
    private static final int EVENTS_DOWN = 5;

    private final Clock clock = Clock.systemUTC();

    @Override
    public QuickstartReport run(
            QuickstartOptions options, Consumer<Moment> view, Consumer<String> notice, Interruption interruption)
            throws IOException, InterruptedException {
        Timetable timetable = options.timetable();
        if (!timetable.isLongEnough()) {
            notice.accept("A run this short may end before every container was scaled up and down.");
        }
        Map<String, WorkloadPlan> plans = new LinkedHashMap<>();
        for (int i = 0; i < CONTAINERS.size(); i++) {
            plans.put(CONTAINERS.get(i), WorkloadPlan.of(i, timetable));
        }
        try (DemoHost host = host(options.driver(), plans, notice, interruption);
                DroolsScalingPolicy policy = DroolsScalingPolicy.serverless(parameters())) {
            return new Run(host, policy, options, view, notice, interruption).go();
        }
    }

    private static ServerlessParameters parameters() {
        var enough = new EnoughEvents(EVENTS_DOWN, 0);
        return ServerlessParameters.builder()
                .amountUp(Resource.CPU, CPU_UP)
                .amountUp(Resource.MEMORY, MEMORY_UP_MIB)
                .toScaleDown(Resource.CPU, enough)
                .toScaleDown(Resource.MEMORY, enough)
                .build();
    }

    private static DemoHost host(
            DriverChoice driver, Map<String, WorkloadPlan> plans, Consumer<String> notice, Interruption interruption)
            throws IOException {
        return switch (driver) {
            case SIMULATED -> new SimulatedDemoHost(plans);
            case LXC ->
                real("lxc", LxcContainers.obstacle(), () -> new LxcContainers(Workload.files()), plans, interruption);
            case CGROUP ->
                real("cgroup", PlainCgroupContainers.obstacle(), PlainCgroupContainers::new, plans, interruption);
            case AUTO -> {
                Optional<String> obstacle = PlainCgroupContainers.obstacle();
                if (obstacle.isEmpty()) {
                    yield real("cgroup", obstacle, PlainCgroupContainers::new, plans, interruption);
                }
                notice.accept("The host is simulated, because " + obstacle.get() + ".");
                yield new SimulatedDemoHost(plans);
            }
        };
    }

    private interface Maker {
        DemoContainers make() throws IOException;
    }

    private static DemoHost real(
            String name,
            Optional<String> obstacle,
            Maker containers,
            Map<String, WorkloadPlan> plans,
            Interruption interruption)
            throws IOException {
        if (obstacle.isPresent()) {
            throw new IOException("--driver " + name + " is not possible here: " + obstacle.get());
        }
        return new RealDemoHost(name, containers.make(), plans, interruption);
    }

    /** One run on one host. */
    private final class Run {
        private final DemoHost host;
        private final QuickstartOptions options;
        private final Timetable timetable;
        private final Consumer<Moment> view;
        private final Consumer<String> notice;
        private final Interruption interruption;
        private final Instant start = clock.instant();
        private final Recorder recorder = new Recorder(clock, start);
        private final ScalingController controller;
        private final Map<String, Throttling> throttlingBefore = new LinkedHashMap<>();
        private final Map<String, Throttling> throttlingAfter = new LinkedHashMap<>();
        private final Map<String, Map<Resource, Utilization>> accountsBefore = new LinkedHashMap<>();
        private final Map<String, Map<Resource, Utilization>> accountsAfter = new LinkedHashMap<>();

        Run(
                DemoHost host,
                DroolsScalingPolicy policy,
                QuickstartOptions options,
                Consumer<Moment> view,
                Consumer<String> notice,
                Interruption interruption) {
            this.host = host;
            this.options = options;
            this.timetable = options.timetable();
            this.view = view;
            this.notice = notice;
            this.interruption = interruption;
            controller = ScalingController.builder()
                    .cgroups(host.driver())
                    .metrics(host.metrics())
                    .policy(policy)
                    .clock(clock)
                    .window(timetable.window())
                    .eventTimeout(timetable.window().multipliedBy(100))
                    .onDecision(recorder::decided)
                    .onWindow(this::ran)
                    .onProblem(problem -> notice.accept(problem.toString()))
                    .build();
        }

        QuickstartReport go() throws IOException, InterruptedException {
            long cpuMax = Math.min(CPU_MOST, host.driver().host().cpuShares() / CONTAINERS.size());
            try (LivePage page = livePage();
                    controller) {
                if (page != null) {
                    notice.accept("It can be watched at " + page.address() + " while it runs.");
                }
                for (String name : CONTAINERS) {
                    controller.add(Container.named(name)
                            .cpuShares(CPU_MIN, cpuMax)
                            .memoryMiB(MEMORY_MIN_MIB, MEMORY_MAX_MIB)
                            .boundary(Resource.CPU, Boundary.percentOfMax(CPU_BOUNDARY_PERCENT))
                            .boundary(Resource.MEMORY, Boundary.percentOfMax(MEMORY_BOUNDARY_PERCENT)));
                }
                controller.start();
                goOnUntil(timetable.guardedFrom(), "traditional");
                read(throttlingBefore, accountsBefore);
                CONTAINERS.forEach(controller::guard);
                goOnUntil(timetable.guardedUntil(), "serverless");
                CONTAINERS.forEach(controller::unguard);
                read(throttlingAfter, accountsAfter);
                recorder.byHand();
                backToMax(cpuMax);
                goOnUntil(timetable.duration(), "traditional");
            }
            return report(draw());
        }

        private void ran(ControllerWindow window) {
            recorder.ran(window);
            for (Sample sample : window.samples()) {
                recorder.found(sample, host.driver().limits(sample.container()).limit(sample.resource()));
            }
        }

        private LivePage livePage() throws IOException {
            return options.port().isEmpty()
                    ? null
                    : LivePage.open(
                            options.port().getAsInt(),
                            recorder::rows,
                            () -> CONTAINERS.stream().map(this::plot).toList());
        }

        private void goOnUntil(Duration end, String state) throws IOException, InterruptedException {
            for (Duration elapsed = elapsed(); elapsed.compareTo(end) < 0; elapsed = elapsed()) {
                work(elapsed);
                view.accept(new Moment(elapsed, timetable.duration(), state, recorder.rows()));
                Duration left = end.minus(elapsed);
                pause(left.compareTo(BETWEEN_LOOKS) < 0 ? left : BETWEEN_LOOKS);
            }
        }

        private void work(Duration elapsed) throws IOException, InterruptedException {
            try {
                host.work(elapsed);
            } catch (IOException ended) {
                // Ctrl-C reaches the workloads as well, and may reach them first.
                pause(MOMENT);
                throw ended;
            }
        }

        private void pause(Duration time) throws InterruptedException {
            if (interruption.within(time)) {
                throw new InterruptedException("The run was interrupted; all that it made is removed.");
            }
        }

        private void backToMax(long cpuMax) {
            for (String name : CONTAINERS) {
                controller.setLimit(name, Resource.CPU, cpuMax);
                controller.setLimit(name, Resource.MEMORY, MEMORY_MAX_MIB);
            }
        }

        private void read(Map<String, Throttling> throttling, Map<String, Map<Resource, Utilization>> accounts) {
            for (String name : CONTAINERS) {
                host.throttling().throttling(name).ifPresent(counters -> throttling.put(name, counters));
                accounts.put(name, controller.utilization(name));
            }
        }

        private Duration elapsed() {
            return Duration.between(start, clock.instant());
        }

        private List<Path> draw() throws IOException {
            var plots = new ArrayList<Path>();
            for (String name : CONTAINERS) {
                Path file = options.plotOf(name);
                plot(name).writeTo(file);
                plots.add(file);
            }
            return plots;
        }

        private UsagePlot plot(String name) {
            double from = timetable.guardedFrom().toMillis() / 1e3;
            double until = timetable.guardedUntil().toMillis() / 1e3;
            List<Span> spans = List.of(
                    new Span("traditional", 0, from, false),
                    new Span("serverless", from, until, true),
                    new Span("traditional", until, timetable.duration().toMillis() / 1e3, false));
            return new UsagePlot(
                    name,
                    "Limits that follow what is used, and leave the rest to others",
                    spans,
                    recorder.series(name));
        }

        private QuickstartReport report(List<Path> plots) {
            List<ContainerReport> containers = CONTAINERS.stream()
                    .map(name -> new ContainerReport(
                            name,
                            recorder.scalings(name, Direction.UP),
                            recorder.scalings(name, Direction.DOWN),
                            account(name, Resource.CPU).times(0.01), // 100 shares are one core
                            account(name, Resource.MEMORY),
                            throttledRatio(name)))
                    .toList();
            return new QuickstartReport(
                    host.name(),
                    elapsed(),
                    containers,
                    recorder.decisions(),
                    recorder.violations(),
                    recorder.reactions(),
                    plots);
        }

        private Utilization account(String name, Resource resource) {
            Utilization before = accountsBefore.get(name).getOrDefault(resource, Utilization.NONE);
            return accountsAfter
                    .get(name)
                    .getOrDefault(resource, Utilization.NONE)
                    .since(before);
        }

        private OptionalDouble throttledRatio(String name) {
            Throttling before = throttlingBefore.get(name);
            Throttling after = throttlingAfter.get(name);
            return before == null || after == null
                    ? OptionalDouble.empty()
                    : OptionalDouble.of(after.ratioSince(before));
        }
    }
}
