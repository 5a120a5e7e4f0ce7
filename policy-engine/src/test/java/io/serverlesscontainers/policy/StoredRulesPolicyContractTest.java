package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.memory.InMemoryStateStore;

/** Rules in a store keep the contract of every policy. */
class StoredRulesPolicyContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        StateStore store = new InMemoryStateStore();
        StockRules.documents().forEach(rule -> store.create(DocumentKind.RULES, rule));
        return StoredRulesPolicy.following(store, Runnable::run, problem -> {
            throw new AssertionError(problem.toString());
        });
    }
}
