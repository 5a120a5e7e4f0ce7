package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;

/** The stock documents keep the contract of every policy without the decision cache, too. */
class RulesAsDocumentsUncachedContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        return DroolsScalingPolicy.ofDocuments(StockRules.documents(), problem -> {
                    throw new AssertionError(problem.toString());
                })
                .uncached();
    }
}
