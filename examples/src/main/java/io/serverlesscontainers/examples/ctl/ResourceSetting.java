package io.serverlesscontainers.examples.ctl;

import java.util.Arrays;
import java.util.Locale;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** What can be set of a resource, and where in the documents it stands. */
enum ResourceSetting {
    MAX("resources"),
    MIN("resources"),
    BOUNDARY("limits"),
    BOUNDARY_TYPE("limits");

    private final String section;

    ResourceSetting(String section) {
        this.section = section;
    }

    String section() {
        return section;
    }

    String field() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** As it is written on a command line. */
    @Override
    public String toString() {
        return field().replace('_', '-');
    }

    /** Reads one as it is written on a command line or in a document. */
    static final class Converter implements ITypeConverter<ResourceSetting> {
        @Override
        public ResourceSetting convert(String text) {
            return Arrays.stream(values())
                    .filter(setting -> setting.toString().equals(text.replace('_', '-')))
                    .findFirst()
                    .orElseThrow(() -> new TypeConversionException(
                            "it is '" + text + "', max, min, boundary or boundary-type is needed"));
        }
    }
}
