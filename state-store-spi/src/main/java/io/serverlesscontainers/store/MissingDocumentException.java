package io.serverlesscontainers.store;

import io.serverlesscontainers.store.document.DocumentKind;
import io.serverlesscontainers.store.document.Shown;
import java.io.Serial;

/** There is no document of this name. */
public final class MissingDocumentException extends StateStoreException {
    @Serial
    private static final long serialVersionUID = 1;

    /** One document is missing. */
    public MissingDocumentException(DocumentKind<?> kind, String name) {
        super("there is no " + Shown.named(kind.word(), name));
    }
}
