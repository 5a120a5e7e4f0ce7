package io.serverlesscontainers.core.guardian;

/** Watches. */
public final class Guardian {}
