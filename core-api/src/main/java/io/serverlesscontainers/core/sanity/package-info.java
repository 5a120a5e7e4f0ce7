/** Looks whether the documents of the state fit together, and says where they do not. */
package io.serverlesscontainers.core.sanity;
