package io.serverlesscontainers.cgroups;

import static org.junit.platform.engine.discovery.DiscoverySelectors.selectClass;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.EngineFilter;
import org.junit.platform.launcher.TagFilter;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/** What runs inside the virtual machine: the test classes that are named, told line by line as they go. */
final class InsideVirtualMachine {
    private InsideVirtualMachine() {}

    /** Prints what {@link VirtualMachineReport} reads. */
    public static void main(String[] classes) {
        var request = LauncherDiscoveryRequestBuilder.request()
                .selectors(Arrays.stream(classes).map(name -> selectClass(name)).toList())
                .filters(EngineFilter.includeEngines("junit-jupiter"), TagFilter.excludeTags("cgroup-v1"))
                .build();
        LauncherFactory.create().execute(request, new Teller(System.out));
        System.out.println(VirtualMachineReport.COMPLETE);
    }

    private static final class Teller implements TestExecutionListener {
        private final PrintStream out;
        private long started;

        Teller(PrintStream out) {
            this.out = out;
        }

        @Override
        public void executionStarted(TestIdentifier test) {
            started = System.nanoTime();
        }

        @Override
        public void executionSkipped(TestIdentifier test, String reason) {
            out.println(VirtualMachineReport.SKIPPED + name(test) + ": " + reason);
        }

        @Override
        public void executionFinished(TestIdentifier test, TestExecutionResult result) {
            switch (result.getStatus()) {
                case SUCCESSFUL -> {
                    if (test.isTest()) {
                        long millis = (System.nanoTime() - started) / 1_000_000;
                        out.println(VirtualMachineReport.PASSED + name(test) + " (" + millis + " ms)");
                    }
                }
                case ABORTED ->
                    out.println(VirtualMachineReport.SKIPPED + name(test) + ": "
                            + result.getThrowable().map(Throwable::getMessage).orElse("without a reason"));
                case FAILED -> {
                    out.println(VirtualMachineReport.FAILED + name(test));
                    result.getThrowable().ifPresent(this::tell);
                }
            }
        }

        private void tell(Throwable failure) {
            var trace = new StringWriter();
            failure.printStackTrace(new PrintWriter(trace, true));
            trace.toString().lines().forEach(line -> out.println(VirtualMachineReport.MORE + line));
        }

        private static String name(TestIdentifier test) {
            return test.getSource()
                    .filter(MethodSource.class::isInstance)
                    .map(MethodSource.class::cast)
                    .map(method -> method.getJavaClass().getSimpleName() + "." + method.getMethodName())
                    .orElse(test.getDisplayName());
        }
    }
}
