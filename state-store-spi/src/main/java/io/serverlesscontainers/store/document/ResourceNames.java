package io.serverlesscontainers.store.document;

import java.util.Arrays;
import java.util.stream.Collectors;

/** The wire names of all resources, as a list in a sentence. */
final class ResourceNames {
    static final String ALL =
            Arrays.stream(Resource.values()).map(Resource::wireName).collect(Collectors.joining(", "));

    private ResourceNames() {}
}
