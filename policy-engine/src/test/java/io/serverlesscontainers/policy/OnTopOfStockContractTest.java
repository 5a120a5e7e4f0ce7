package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;
import org.junit.jupiter.api.Tag;

@Tag("drl-compiler")
class OnTopOfStockContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        return DroolsScalingPolicy.serverless()
                .and(DrlPolicy.of(Drl.text(
                        Drl.eventRule("very tight", "$state : ResourceState( usage > current, current < max )"))));
    }
}
