package io.serverlesscontainers.policy.internal.drl;

/**
 * A text in DRL.
 *
 * @param name what errors call it
 * @param text the whole text
 */
public record DrlSource(String name, String text) {}
