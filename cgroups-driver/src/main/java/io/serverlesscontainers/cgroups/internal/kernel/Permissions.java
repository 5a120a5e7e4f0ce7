package io.serverlesscontainers.cgroups.internal.kernel;

import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;

/** Says which permission on which path is missing, after the kernel said only that one is. */
final class Permissions {
    private Permissions() {}

    /** One sentence without a full stop about the first directory, or the file itself, that stands in the way. */
    static String missing(String root, String path, boolean write) {
        try {
            Path at = Path.of(root);
            for (String segment : path.split("/")) {
                if (!Files.isExecutable(at)) {
                    return "search permission on directory " + at + " is missing";
                }
                at = at.resolve(segment);
            }
            return (write ? "write" : "read") + " permission on " + at + " is missing";
        } catch (InvalidPathException notForThisLocale) {
            return (write ? "write" : "read") + " permission on " + root + "/" + path + " is missing";
        }
    }
}
