package io.serverlesscontainers.policy;

import io.serverlesscontainers.core.spi.ScalingPolicy;
import io.serverlesscontainers.core.tck.ScalingPolicyTck;
import io.serverlesscontainers.store.document.Resource;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Tag;

@Tag("drl-compiler")
class OwnDrlContractTest extends ScalingPolicyTck {
    @Override
    protected ScalingPolicy createPolicy() {
        // No joins: the kit asks that facts one by one get the answer of the batch.
        return DrlPolicy.of(
                Drl.text(Drl.eventRule("tight", "$state : ResourceState( usage > upper, current < max )"), """
                        rule "more"
                        when
                            $tally : EventTally( up > 2 )
                        then
                            firings.fired($tally, new RequestRule("more", $tally.resource(), Rescale.byAmount(5), 2, 0));
                        end
                        """),
                Map.of(),
                Set.of(Resource.CPU, Resource.MEMORY));
    }
}
