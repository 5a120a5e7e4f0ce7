/**
 * The documents of an installation as immutable records, and their JSON form as it goes over the wire. Reading never
 * loses anything: fields that are unknown or unreadable stay with the record and are written back.
 */
package io.serverlesscontainers.store.document;
