/** The shared state of an installation in CouchDB: {@link io.serverlesscontainers.couchdb.CouchDbStateStore}. */
package io.serverlesscontainers.couchdb;
