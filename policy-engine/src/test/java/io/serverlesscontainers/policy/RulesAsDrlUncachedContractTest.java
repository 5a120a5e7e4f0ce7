package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;

/** {@code serverless.drl} keeps the contract of every policy without the decision cache, too. */
class RulesAsDrlUncachedContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        return DroolsScalingPolicy.serverless().uncached();
    }
}
