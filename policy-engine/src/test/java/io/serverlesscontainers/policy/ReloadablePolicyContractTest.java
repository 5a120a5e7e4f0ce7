package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;
import java.util.List;

/** A policy whose documents were replaced keeps the contract of every policy. */
class ReloadablePolicyContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        ReloadablePolicy policy = ReloadablePolicy.ofDocuments(List.of(), none -> {});
        policy.replace(StockRules.documents());
        policy.detectEvents(List.of(), (state, rule) -> {}); // the first window takes them
        return policy;
    }
}
