/** Usage read from OpenTSDB, and time series written to it. */
package io.serverlesscontainers.opentsdb;
