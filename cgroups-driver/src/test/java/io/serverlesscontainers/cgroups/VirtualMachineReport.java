package io.serverlesscontainers.cgroups;

import java.util.ArrayList;
import java.util.List;

/**
 * What happened to the tests inside the virtual machine, from the lines that {@link InsideVirtualMachine} printed.
 *
 * @param passed each with its time
 * @param failed each with its name in the first line, and the stack trace below
 * @param skipped each with its reason
 * @param complete whether the last test was reached
 */
record VirtualMachineReport(List<String> passed, List<String> failed, List<String> skipped, boolean complete) {
    static final String PASSED = "passed ";
    static final String FAILED = "failed ";
    static final String SKIPPED = "skipped ";
    static final String MORE = "    ";
    static final String COMPLETE = "complete";

    VirtualMachineReport {
        passed = List.copyOf(passed);
        failed = List.copyOf(failed);
        skipped = List.copyOf(skipped);
    }

    /** Reads the lines; whatever else was printed in between does not matter. */
    static VirtualMachineReport parse(List<String> lines) {
        boolean complete = false;
        var passed = new ArrayList<String>();
        var failed = new ArrayList<String>();
        var skipped = new ArrayList<String>();
        for (String line : lines) {
            if (line.startsWith(PASSED)) {
                passed.add(line.substring(PASSED.length()));
            } else if (line.startsWith(FAILED)) {
                failed.add(line.substring(FAILED.length()));
            } else if (line.startsWith(SKIPPED)) {
                skipped.add(line.substring(SKIPPED.length()));
            } else if (line.startsWith(MORE) && !failed.isEmpty()) {
                int last = failed.size() - 1;
                failed.set(last, failed.get(last) + System.lineSeparator() + line);
            } else if (line.equals(COMPLETE)) {
                complete = true;
            }
        }
        return new VirtualMachineReport(passed, failed, skipped, complete);
    }

    int tests() {
        return passed.size() + failed.size() + skipped.size();
    }

    @Override
    public String toString() {
        return tests() + " tests, " + failed.size() + " failed, " + skipped.size() + " skipped";
    }
}
