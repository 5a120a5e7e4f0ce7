package io.serverlesscontainers.examples.quickstart;

import io.serverlesscontainers.examples.quickstart.report.QuickstartReport;
import io.serverlesscontainers.examples.quickstart.terminal.LiveView;
import io.serverlesscontainers.examples.quickstart.terminal.Look;
import io.serverlesscontainers.examples.quickstart.terminal.Moment;
import io.serverlesscontainers.examples.quickstart.terminal.ReportTable;
import io.serverlesscontainers.examples.quickstart.workload.Timetable;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.Callable;
import java.util.function.Consumer;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code quickstart}: reads the options, lets the run be shown while it goes on, and reports at the end. */
@Command(
        name = "quickstart",
        description = {
            "Starts two containers with work that comes and goes, and lets their CPU and memory limits follow it.",
            "As root with writable cgroups the containers are real; otherwise a host is simulated."
        },
        showDefaultValues = true,
        exitCodeListHeading = "%nExit codes:%n",
        exitCodeList = {"0:done", "1:failed", "2:wrong usage"})
public final class QuickstartCommand implements Callable<Integer> {
    /** Carries a quickstart out. */
    @FunctionalInterface
    public interface Engine {
        /**
         * Runs from the first container to the last one removed.
         *
         * @param options what to do
         * @param view is shown how it goes, several times a second
         * @param notice is told, in one sentence, what a person should know, such as that the host is simulated
         * @param interruption asks to end early
         * @throws InterruptedException if it ended early; everything made is gone nevertheless
         * @throws Exception if it fails; everything made is gone nevertheless
         */
        QuickstartReport run(
                QuickstartOptions options, Consumer<Moment> view, Consumer<String> notice, Interruption interruption)
                throws Exception;
    }

    private static final String DEFAULT_PLOT = "quickstart.svg";

    private final Engine engine;

    @Spec
    private CommandSpec specification;

    @Option(
            names = "--duration",
            paramLabel = "TIME",
            defaultValue = "60s",
            converter = DurationConverter.class,
            description = "How long it runs: 60s, 2m, 1500ms; at least " + Timetable.LEAST_WINDOWS + " windows.")
    private Duration duration;

    @Option(
            names = "--window",
            paramLabel = "TIME",
            defaultValue = "1s",
            converter = DurationConverter.class,
            description = "How often the policy looks, 100ms to 10s.")
    private Duration window;

    @Option(
            names = "--driver",
            paramLabel = "DRIVER",
            defaultValue = "auto",
            converter = DriverChoiceConverter.class,
            description = "What the containers are made of: auto, cgroup, lxc, simulated.")
    private DriverChoice driver;

    @Option(
            names = "--plot",
            paramLabel = "FILE.svg",
            description = "Where to draw, one file per container: run.svg becomes run-cont0.svg and run-cont1.svg. "
                    + "Without it " + DEFAULT_PLOT + " in this directory, or in the one for temporary files where "
                    + "this one is not writable.")
    private Path plot;

    @Option(
            names = "--port",
            paramLabel = "PORT",
            description = "Shows the plots while it runs, as a page at this port of this machine only; 0 takes a free "
                    + "port. Without it there is no page.")
    private Integer port;

    @Option(
            names = "--json",
            description = "Ends with one JSON object on standard output; everything else goes to standard error.")
    private boolean json;

    @Option(
            names = {"-h", "--help"},
            usageHelp = true,
            description = "Shows this help.")
    private boolean help;

    /** The command in front of an engine. */
    public QuickstartCommand(Engine engine) {
        this.engine = engine;
    }

    @Override
    public Integer call() throws Exception {
        QuickstartOptions options = options();
        PrintStream people = json ? System.err : System.out;
        Look look = Look.of(json ? Look.Stream.ERROR : Look.Stream.OUT);
        QuickstartReport report;
        try (var interruption = new Interruption()) {
            try (var view = new LiveView(people, look)) {
                report = engine.run(options, view::show, view::say, interruption);
            } catch (InterruptedException early) {
                sayInterrupted(early);
                return CommandLine.ExitCode.SOFTWARE;
            }
        }
        people.println();
        ReportTable.lines(report, look).forEach(people::println);
        people.flush();
        if (json) {
            System.out.println(report.toJson());
        }
        return CommandLine.ExitCode.OK;
    }

    /** One line, and one more for each thing that could not be removed. */
    private void sayInterrupted(InterruptedException early) {
        PrintWriter err = specification.commandLine().getErr();
        err.println(early.getMessage());
        for (Throwable left : early.getSuppressed()) {
            err.println(left.getMessage());
        }
        err.flush();
    }

    private QuickstartOptions options() {
        OptionalInt page = port == null ? OptionalInt.empty() : OptionalInt.of(port);
        try {
            return new QuickstartOptions(new Timetable(duration, window), driver, plotOrDefault(), page);
        } catch (IllegalArgumentException outOfRange) {
            throw new ParameterException(specification.commandLine(), outOfRange.getMessage(), outOfRange);
        }
    }

    private Path plotOrDefault() {
        if (plot != null) {
            if (plot.getFileName() == null || Files.isDirectory(plot)) {
                throw new IllegalArgumentException("--plot " + plot + " is a directory, a file is needed");
            }
            return plot;
        }
        Path here = Path.of("").toAbsolutePath();
        Path directory = Files.isWritable(here) ? here : Path.of(System.getProperty("java.io.tmpdir"));
        return directory.resolve(DEFAULT_PLOT);
    }
}
