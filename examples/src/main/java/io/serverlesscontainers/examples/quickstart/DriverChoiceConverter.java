package io.serverlesscontainers.examples.quickstart;

import java.util.Arrays;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads a {@link DriverChoice} as it is written on the command line. */
final class DriverChoiceConverter implements ITypeConverter<DriverChoice> {
    @Override
    public DriverChoice convert(String text) {
        return Arrays.stream(DriverChoice.values())
                .filter(choice -> choice.toString().equals(text))
                .findFirst()
                .orElseThrow(() -> new TypeConversionException(
                        "'" + text + "' is none of " + Arrays.toString(DriverChoice.values())));
    }
}
