package io.serverlesscontainers.store;

import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import java.io.Serial;

/** A document was not at the expected revision: somebody else changed, created or removed it first. */
public final class ConflictException extends StateStoreException {
    @Serial
    private static final long serialVersionUID = 1;

    /** A conflict over one document. */
    public ConflictException(DocumentKind<?> kind, String name) {
        super(Shown.named(kind.word(), name) + " was changed by somebody else in the meantime; read it again");
    }
}
