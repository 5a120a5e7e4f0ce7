package io.serverlesscontainers.policy.internal.drl;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.EventTally;
import io.serverlesscontainers.core.spi.ResourceState;
import io.serverlesscontainers.policy.ServerlessParameters;
import io.serverlesscontainers.store.document.Resource;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextValuesTest {
    private static final ResourceState STATE =
            new ResourceState("web-1", Resource.CPU, 85.5, 400, 20, 100, 90, 80, 10, 10);

    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            quoteCharacter = '`',
            value = {
                "up > down && up < 5 ; {up=2.0, down=1.0}",
                "state.usage >= 0.9 * state.upper() ; {state.usage=85.5, state.upper()=90.0}",
                "up >= parameters.toScaleUp(resource).needed ; {up=2.0, parameters.toScaleUp(resource).needed=2.0}",
                "parameters.amountUp(resource) < 1e3 ; {parameters.amountUp(resource)=75.0}",
                "state.structure == \"up > down\" || 'down' == \"\\\"up\\\"\" ; {}",
                "parameters.zeroIsUnderuse(resource) || parameters.toScaleUp(energy).needed > 1 ; {}",
                "nothing > sideways && java.lang.Math.max(up, down) > 1 ; {up=2.0, down=1.0}",
                "parameters.toScaleUp(state.resource).needed > 1 ; {}",
            })
    void finds_the_numbers_that_can_simply_be_read(String text, String values) {
        var found = new TextValues(new EventTally(STATE, 2, 1), Map.of("parameters", ServerlessParameters.stock()));
        assertThat(found.of(text)).hasToString(values);
    }
}
