package io.serverlesscontainers.cgroups;

import io.serverlesscontainers.cgroups.internal.kernel.ProcFiles;
import io.serverlesscontainers.cgroups.internal.limit.EnergyLimit;
import io.serverlesscontainers.cgroups.internal.limit.OutsideLimit;
import io.serverlesscontainers.cgroups.internal.lookup.CgroupPaths;
import io.serverlesscontainers.cgroups.internal.network.NetworkLimit;
import io.serverlesscontainers.cgroups.internal.network.NetworkPrograms;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.store.document.Resource;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The limits that a driver sets elsewhere than in cgroups, as far as they were asked for. */
final class OutsideLimits {
    private static final Logger LOG = LoggerFactory.getLogger(OutsideLimits.class);

    private final Path proc;
    private final ProcFiles files = new ProcFiles();
    private final Optional<NetworkPrograms> network;
    private final Optional<Path> energy;

    /**
     * Those that the settings ask for.
     *
     * @throws CgroupException if the directory of energy limits is not there and cannot be made
     */
    OutsideLimits(Cgroups.Builder settings) {
        this.proc = settings.proc;
        this.energy = Optional.ofNullable(settings.energyLimits);
        energy.ifPresent(OutsideLimits::create);
        this.network = settings.network ? NetworkPrograms.find() : Optional.empty();
        if (settings.network && network.isEmpty()) {
            LOG.warn("the network is not limited and not measured: the programs ip, tc and nsenter are needed");
        }
    }

    private static void create(Path directory) {
        try {
            Files.createDirectories(directory);
        } catch (IOException refused) {
            throw new CgroupException(
                    "cannot make the directory of energy limits " + directory + ": " + refused, refused);
        }
    }

    /** The resources that are limited so. */
    Set<Resource> resources() {
        var resources = EnumSet.noneOf(Resource.class);
        network.ifPresent(there -> resources.add(Resource.NET));
        energy.ifPresent(there -> resources.add(Resource.ENERGY));
        return resources;
    }

    /** Those of one container. */
    Map<Resource, OutsideLimit> of(String container, CgroupPaths paths) {
        Map<Resource, OutsideLimit> limits = new EnumMap<>(Resource.class);
        network.ifPresent(
                programs -> limits.put(Resource.NET, new NetworkLimit(container, paths, proc, files, programs)));
        energy.ifPresent(directory -> limits.put(Resource.ENERGY, new EnergyLimit(container, directory)));
        return limits;
    }
}
