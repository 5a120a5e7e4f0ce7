package io.serverlesscontainers.cgroups;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.api.Test;

class VirtualMachineReportTest {
    @Test
    void every_test_counts_and_a_failure_keeps_its_stack_trace() {
        var report = VirtualMachineReport.parse(List.of(
                "passed A.one (5 ms)",
                "something that a test printed",
                "failed A.two",
                "    java.lang.AssertionError: expected",
                "    \tat A.two(A.java:1)",
                "skipped A.three: there is no such thing",
                "passed A.four (7 ms)",
                "complete",
                "exit 0"));
        assertThat(report).hasToString("4 tests, 1 failed, 1 skipped");
        assertThat(report.failed().get(0).lines())
                .containsExactly("A.two", "    java.lang.AssertionError: expected", "    \tat A.two(A.java:1)");
        assertThat(report.skipped()).containsExactly("A.three: there is no such thing");
        assertThat(report.complete()).isTrue();
    }

    @Test
    void a_report_that_breaks_off_is_not_complete() {
        var report = VirtualMachineReport.parse(List.of("passed A.one (5 ms)", "pas"));
        assertThat(report.passed()).containsExactly("A.one (5 ms)");
        assertThat(report.complete()).isFalse();
        assertThat(VirtualMachineReport.parse(List.of()).complete()).isFalse();
    }
}
