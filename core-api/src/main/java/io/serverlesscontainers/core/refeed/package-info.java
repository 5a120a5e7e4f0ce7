/** What containers use, carried up to the applications that they make up and the users that own these. */
package io.serverlesscontainers.core.refeed;
