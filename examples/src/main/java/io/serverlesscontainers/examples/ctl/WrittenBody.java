package io.serverlesscontainers.examples.ctl;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import io.serverlesscontainers.store.document.Shown;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import picocli.CommandLine.Option;

/** What is to be subscribed, as somebody has written it into a file. */
final class WrittenBody {
    private static final String STANDARD_INPUT = "-";
    private static final int LONGEST_BYTES = 1 << 20;
    // JSON is YAML.
    private static final YAMLMapper YAML = new YAMLMapper();

    @Option(
            names = "--file",
            required = true,
            paramLabel = "FILE",
            description = "JSON or YAML, as the Orchestrator takes it; '-' is standard input.")
    private String file;

    /**
     * Adds it, as the work of a command.
     *
     * @param path where it is added, but for its name
     * @param nameAt where its name stands
     */
    CtlCommand.Work add(InputStream input, List<String> path, String nameAt) {
        return add(file, input, path, nameAt);
    }

    static CtlCommand.Work add(String file, InputStream input, List<String> path, String nameAt) {
        return (orchestrator, output, result) -> {
            JsonNode body = read(file, input);
            JsonNode name = body.at(nameAt);
            if (!name.isTextual()) {
                throw new CtlException(
                        file + ": the name at " + nameAt + " is " + Shown.of(name) + ", a text is needed");
            }
            add(path, body).of(List.of(name.textValue()), " is subscribed").run(orchestrator, output, result);
        };
    }

    /** Adds a body under a name. */
    static Changes add(List<String> path, JsonNode body) {
        return (orchestrator, name) -> orchestrator.put(
                body, Stream.concat(path.stream(), Stream.of(name)).toList());
    }

    private static JsonNode read(String file, InputStream input) {
        try (InputStream stream = file.equals(STANDARD_INPUT) ? input : Files.newInputStream(Path.of(file))) {
            byte[] bytes = stream.readNBytes(LONGEST_BYTES + 1);
            if (bytes.length > LONGEST_BYTES) {
                throw new CtlException(file + " is longer than " + LONGEST_BYTES + " bytes");
            }
            return YAML.readTree(bytes);
        } catch (JsonProcessingException unreadable) {
            throw new CtlException(file + " is neither JSON nor YAML: "
                    + Shown.of(
                            unreadable.getOriginalMessage().lines().findFirst().orElse("")));
        } catch (IOException unreadable) {
            throw new CtlException(file + " cannot be read: " + unreadable);
        }
    }
}
