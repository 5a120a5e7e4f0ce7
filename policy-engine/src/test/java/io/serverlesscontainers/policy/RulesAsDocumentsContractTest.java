package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;

/** Rule documents keep the contract of every policy. */
class RulesAsDocumentsContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        return DroolsScalingPolicy.ofDocuments(StockRules.documents(), problem -> {
            throw new AssertionError(problem);
        });
    }
}
