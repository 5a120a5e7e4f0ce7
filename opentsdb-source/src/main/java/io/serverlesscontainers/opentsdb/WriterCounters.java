package io.serverlesscontainers.opentsdb;

/**
 * What has become of the points of an {@link OpenTsdbWriter}. Each point that it was given is in exactly one of the first
 * four, apart from those that are just changing.
 *
 * @param written taken by OpenTSDB
 * @param failed refused, by OpenTSDB or before they were sent
 * @param dropped given up, because too many were waiting or the writer was closed
 * @param waiting still to be written
 * @param requests sent, each attempt counted
 * @param retries of these, the ones sent because the one before had failed
 */
public record WriterCounters(long written, long failed, long dropped, long waiting, long requests, long retries) {}
