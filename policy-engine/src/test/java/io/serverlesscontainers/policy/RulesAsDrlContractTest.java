package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;

/** {@code serverless.drl} keeps the contract of every policy. */
class RulesAsDrlContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        return DroolsScalingPolicy.serverless();
    }
}
