package io.serverlesscontainers.core.sanity;

import io.serverlesscontainers.store.document.Problem;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one check found. Amounts may differ from check to check, so a finding is known again by its key. */
final class Findings {
    private final Map<String, Problem> byKey = new LinkedHashMap<>();

    /**
     * Notes one.
     *
     * @param check which of the checks it failed; with the subject, what it is known by
     */
    void add(String check, String subject, String sentence) {
        byKey.put(check + " " + subject, new Problem(subject, sentence));
    }

    /** Those that an earlier check found as well. */
    List<Problem> foundAgain(Set<String> earlier) {
        return byKey.entrySet().stream()
                .filter(finding -> earlier.contains(finding.getKey()))
                .map(Map.Entry::getValue)
                .toList();
    }

    Set<String> keys() {
        return new HashSet<>(byKey.keySet());
    }
}
