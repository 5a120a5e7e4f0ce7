package io.serverlesscontainers.examples.embedded;

import io.serverlesscontainers.cgroups.CgroupMetricSource;
import io.serverlesscontainers.cgroups.Cgroups;
import io.serverlesscontainers.core.Container;
import io.serverlesscontainers.core.ScalingController;
import io.serverlesscontainers.core.accounting.Utilization;
import io.serverlesscontainers.policy.DroolsScalingPolicy;
import io.serverlesscontainers.store.document.Boundary;
import io.serverlesscontainers.store.document.Resource;
import java.time.Duration;
import java.util.Map;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What a program that embeds the library writes, whole. The README shows the middle of it. */
public final class EmbeddedController {
    private static final Logger LOG = LoggerFactory.getLogger(EmbeddedController.class);

    private EmbeddedController() {}

    /**
     * Scales one container for a while.
     *
     * @param container the name that its cgroup is found by
     * @param time how long to scale it
     * @return what it used, was allowed to use, and would have held without scaling
     * @throws InterruptedException if the thread is interrupted meanwhile
     */
    public static Map<Resource, Utilization> scale(String container, Duration time) throws InterruptedException {
        try (var driver = Cgroups.detect(); // v1, v2 or both; LXC, Docker, systemd, plain …
                var metrics = new CgroupMetricSource(driver);
                var policy = DroolsScalingPolicy.serverless();
                var controller = ScalingController.builder()
                        .cgroups(driver)
                        .metrics(metrics)
                        .policy(policy)
                        .window(Duration.ofMillis(500))
                        .restoreLimits(true) // as they were found, at the end
                        .onDecision(decision -> LOG.info("{}", decision.sentence())) // each can say why
                        .build()) {
            controller.guard(Container.named(container)
                    .cpuShares(20, 100) // 100 shares are one core
                    .memoryMiB(64, 512)
                    .boundary(Boundary.percentOfMax(10)));
            controller.start(); // on a thread of its own; or call runOnce() from yours
            Thread.sleep(time.toMillis()); // your program's own work
            return controller.utilization(container); // used, allocated, reserved
        }
    }
}
