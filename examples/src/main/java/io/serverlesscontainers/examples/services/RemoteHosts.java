package io.serverlesscontainers.examples.services;

import io.serverlesscontainers.cgroups.remote.RemoteCgroupDriver;
import io.serverlesscontainers.core.spi.CgroupDriver;
import io.serverlesscontainers.core.spi.CgroupException;
import io.serverlesscontainers.core.spi.CpuSet;
import io.serverlesscontainers.core.spi.HostCapacity;
import io.serverlesscontainers.core.spi.HostDrivers;
import io.serverlesscontainers.core.spi.UnreachableHostException;
import io.serverlesscontainers.examples.service.HostAccess;
import io.serverlesscontainers.store.StateStore;
import io.serverlesscontainers.store.document.CoreUsage;
import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Resource;
import io.serverlesscontainers.store.document.Structure;
import io.serverlesscontainers.store.document.StructureResource;
import java.io.IOException;
import java.time.Duration;
import java.util.EnumSet;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import javax.net.ssl.SSLException;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.Response;

/**
 * The Container Scalers of an installation, each at the address that its containers' documents name. A server that does
 * not tell what its host has, as other programs' do not, is taken to have what the host's document says.
 */
public final class RemoteHosts implements HostDrivers {
    private static final Duration PATIENCE = Duration.ofSeconds(2);
    private static final int ATTEMPTS = 2;
    private static final long SHARES_PER_CORE = 100;
    private static final String USUAL_PORT = "8000";
    private static final int UNAUTHORIZED = 401;
    private static final int FAILED = 500;

    private final StateStore store;
    private final HostAccess access;
    private final OkHttpClient client;
    private final Map<String, CgroupDriver> drivers = new ConcurrentHashMap<>();

    /**
     * No connection yet.
     *
     * @param access how the servers are asked
     */
    public RemoteHosts(StateStore store, HostAccess access) {
        this.store = store;
        this.access = access;
        this.client = access.client();
    }

    @Override
    public CgroupDriver of(Structure structure) {
        String url = url(structure);
        CgroupDriver known = drivers.get(url);
        if (known != null) {
            return known;
        }
        CgroupDriver made = connect(url, structure.host().orElse(""));
        CgroupDriver earlier = drivers.putIfAbsent(url, made);
        if (earlier != null) {
            made.close();
        }
        return earlier == null ? made : earlier;
    }

    private String url(Structure structure) {
        String ip = structure
                .hostRescalerIp()
                .filter(text -> !text.isEmpty())
                .orElseThrow(() -> new CgroupException("structure '" + structure.name() + "' has no host_rescaler_ip"));
        return access.scheme() + "://" + ip + ":" + structure.hostRescalerPort().orElse(USUAL_PORT);
    }

    /** {@inheritDoc} Any answer will do but that it failed, or wants to be shown another token. */
    @Override
    public void requireAnswer(Structure host) {
        var request = new Request.Builder().url(url(host) + "/heartbeat");
        access.token().ifPresent(secret -> request.header("Authorization", "Bearer " + secret));
        OkHttpClient patient = client.newBuilder()
                .followRedirects(false) // the token stays with the server that it is for
                .callTimeout(PATIENCE)
                .build();
        String server =
                "the host's Container Scaler at " + host.hostRescalerIp().orElse("") + ":"
                        + host.hostRescalerPort().orElse(USUAL_PORT);
        try (Response answer = patient.newCall(request.build()).execute()) {
            if (answer.code() == UNAUTHORIZED) {
                throw new CgroupException(
                        server + " wants to be shown " + (access.token().isPresent() ? "another token" : "a token"));
            }
            if (answer.code() >= FAILED) {
                throw new CgroupException(server + " answers " + answer.code());
            }
        } catch (SSLException noTrust) {
            throw new CgroupException(server + " cannot be asked over HTTPS: " + noTrust.getMessage(), noTrust);
        } catch (IOException away) {
            throw new CgroupException(server + " does not answer", away);
        }
    }

    private CgroupDriver connect(String url, String host) {
        RemoteCgroupDriver driver = builder(url).build();
        try {
            driver.resources();
            driver.host();
            return driver;
        } catch (UnreachableHostException hostAway) {
            driver.close();
            throw hostAway;
        } catch (CgroupException doesNotTell) {
            driver.close();
            Structure document = store.find(DocumentKind.STRUCTURES, host)
                    .map(found -> found.document())
                    .orElseThrow(() -> doesNotTell);
            return builder(url).host(capacity(document), resources(document)).build();
        }
    }

    private RemoteCgroupDriver.Builder builder(String url) {
        RemoteCgroupDriver.Builder builder;
        try {
            builder = RemoteCgroupDriver.builder(url);
        } catch (IllegalArgumentException noAddress) {
            throw new CgroupException(noAddress.getMessage(), noAddress);
        }
        builder.client(client).timeout(PATIENCE).attempts(ATTEMPTS);
        access.token().ifPresent(builder::token);
        return builder;
    }

    private static HostCapacity capacity(Structure host) {
        Optional<StructureResource> cpu = host.resource(Resource.CPU);
        CpuSet cores = cpu.flatMap(StructureResource::coreUsage)
                .map(CoreUsage::cores)
                .map(map -> CpuSet.of(map.keySet()))
                .filter(set -> !set.isEmpty())
                .orElseGet(() -> CpuSet.first((int) Math.max(1, max(cpu) / SHARES_PER_CORE)));
        return new HostCapacity(cores, Math.max(1, max(host.resource(Resource.MEMORY))));
    }

    private static long max(Optional<StructureResource> has) {
        return has.map(StructureResource::max).orElse(OptionalLong.empty()).orElse(0);
    }

    private static Set<Resource> resources(Structure host) {
        Set<Resource> resources = EnumSet.of(Resource.CPU, Resource.MEMORY);
        resources.addAll(host.resources().keySet());
        return resources;
    }

    @Override
    public void close() {
        drivers.values().forEach(CgroupDriver::close);
        client.dispatcher().executorService().shutdown();
        client.connectionPool().evictAll();
    }
}
