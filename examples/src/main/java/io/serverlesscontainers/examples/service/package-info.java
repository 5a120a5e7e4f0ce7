/** What every service is made of: its options, its loop, its metrics. */
package io.serverlesscontainers.examples.service;
