package io.serverlesscontainers.examples.services;

import java.time.Duration;

/** The services that live on the shared state. */
public enum ServiceKind {
    /** Decides. */
    GUARDIAN(
            "guardian",
            "Compares the use of containers or applications with their limits, and asks for other limits.",
            8101,
            GuardianWork.SERVICE,
            GuardianWork.PERIOD,
            Duration.ofSeconds(10)) {
        @Override
        Work work(Installation in) {
            return new GuardianWork(
                    in.store(), in.usage(), in.policy(), in.mode(), in.clock(), in.lease(GuardianWork.SERVICE));
        }
    },
    /** Acts. */
    SCALER(
            "scaler",
            "Carries out what the Guardian asks for, through the Container Scalers of the hosts.",
            8102,
            ScalerWork.SERVICE,
            ScalerWork.PERIOD,
            ScalerWork.USUAL_PERIOD) {
        @Override
        Work work(Installation in) {
            return new ScalerWork(in.store(), in.hosts(), in.usageIfAny(), in.clock(), in.lease(ScalerWork.SERVICE));
        }
    },
    /** Applied limits into the state. */
    STRUCTURE_SNAPSHOTER(
            "structure-snapshoter",
            "Carries the limits that the kernels enforce into the state.",
            8103,
            StructureSnapshoterWork.SERVICE,
            StructureSnapshoterWork.PERIOD,
            StructureSnapshoterWork.USUAL_PERIOD) {
        @Override
        Work work(Installation in) {
            return new StructureSnapshoterWork(in.store(), in.hosts());
        }
    },
    /** State into history. */
    DATABASE_SNAPSHOTER(
            "database-snapshoter",
            "Writes limits, thresholds and settings from the state into the time series.",
            8104,
            DatabaseSnapshoterWork.SERVICE,
            DatabaseSnapshoterWork.PERIOD,
            DatabaseSnapshoterWork.USUAL_PERIOD) {
        @Override
        Work work(Installation in) {
            return new DatabaseSnapshoterWork(in.store(), in.history(), in.clock());
        }
    },
    /** Containers' usage into that of their applications. */
    REFEEDER(
            "refeeder",
            "Adds the use of containers up to that of their applications and users.",
            8105,
            RefeederWork.SERVICE,
            RefeederWork.PERIOD,
            Duration.ofSeconds(10)) {
        @Override
        Work work(Installation in) {
            return new RefeederWork(in.store(), in.usage(), in.history(), in.clock());
        }
    },
    /** Looks for what does not fit together. */
    SANITY_CHECKER(
            "sanity-checker",
            "Tells which documents of the state do not fit together.",
            8106,
            SanityCheckerWork.SERVICE,
            SanityCheckerWork.PERIOD,
            Duration.ofSeconds(30)) {
        @Override
        Work work(Installation in) {
            return new SanityCheckerWork(in.store(), in.clock());
        }
    };

    private final String command;
    private final String description;
    private final int usualPort;
    private final String document;
    private final String periodKey;
    private final Duration usualPeriod;

    ServiceKind(
            String command,
            String description,
            int usualPort,
            String document,
            String periodKey,
            Duration usualPeriod) {
        this.command = command;
        this.description = description;
        this.usualPort = usualPort;
        this.document = document;
        this.periodKey = periodKey;
        this.usualPeriod = usualPeriod;
    }

    /** Whether it writes history, which needs a place for it. */
    boolean writesHistory() {
        return this == DATABASE_SNAPSHOTER || this == REFEEDER;
    }

    /** Its work, in an installation. */
    abstract Work work(Installation in);

    /** Its name on the command line. */
    String command() {
        return command;
    }

    /** What it does. */
    String description() {
        return description;
    }

    /** Where it is reached unless told. */
    int usualPort() {
        return usualPort;
    }

    /** The name of its document. */
    String document() {
        return document;
    }

    /** How long it waits from the begin of one window to that of the next. */
    Duration period(Configuration configuration) {
        return configuration.span(periodKey, usualPeriod);
    }
}
