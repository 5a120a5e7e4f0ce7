package io.serverlesscontainers.examples.service;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import java.io.IOException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.IDefaultValueProvider;
import picocli.CommandLine.Model.ArgSpec;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;

/**
 * What an option is that the command line does not give: the environment variable {@code SERVERLESS_CONTAINERS_} and its
 * name ({@code SERVERLESS_CONTAINERS_TOKEN_FILE} for {@code --token-file}), else the field of its name in the file that
 * {@code --config} names ({@code token-file: …}).
 */
final class Settings implements IDefaultValueProvider {
    static final String PREFIX = "SERVERLESS_CONTAINERS_";

    private static final String CONFIG = "--config";
    private static final YAMLMapper YAML = new YAMLMapper();

    private final Map<String, String> environment;

    Settings(Map<String, String> environment) {
        this.environment = environment;
    }

    @Override
    public String defaultValue(ArgSpec argument) {
        if (!(argument instanceof OptionSpec option) || option.usageHelp()) {
            return null;
        }
        String name = option.longestName();
        String said = environment.get(variable(name));
        if (said != null || name.equals(CONFIG)) {
            return said;
        }
        JsonNode value = file(option.command()).get(field(name));
        return value == null ? null : value.asText();
    }

    static String variable(String option) {
        return PREFIX + field(option).replace('-', '_').toUpperCase(Locale.ROOT);
    }

    private static String field(String option) {
        return option.substring("--".length());
    }

    private JsonNode file(CommandSpec command) {
        OptionSpec config = command.findOption(CONFIG);
        Path given = config == null ? null : config.getValue();
        String said = environment.get(variable(CONFIG));
        if (given == null && said == null) {
            return YAML.createObjectNode();
        }
        Path path = given == null ? Path.of(said) : given;
        return read(path, command);
    }

    private static JsonNode read(Path path, CommandSpec command) {
        JsonNode fields;
        try {
            fields = YAML.readTree(path.toFile());
        } catch (IOException unreadable) {
            throw wrong(command, CONFIG + " " + path + " cannot be read: " + firstLine(unreadable));
        }
        if (fields == null || fields.isMissingNode() || fields.isNull()) {
            return YAML.createObjectNode();
        }
        if (!fields.isObject()) {
            throw wrong(command, CONFIG + " " + path + " is no list of options such as 'port: 8000'");
        }
        for (Map.Entry<String, JsonNode> field : fields.properties()) {
            if (command.findOption("--" + field.getKey()) == null
                    || field.getKey().equals("config")) {
                throw wrong(command, CONFIG + " " + path + " has '" + field.getKey() + "', which is no option here");
            }
            if (!field.getValue().isValueNode()) {
                throw wrong(
                        command, CONFIG + " " + path + ": '" + field.getKey() + "' is no single value, one is needed");
            }
        }
        return fields;
    }

    private static String firstLine(IOException unreadable) {
        String message = String.valueOf(unreadable.getMessage());
        return message.lines().findFirst().orElse("");
    }

    private static ParameterException wrong(CommandSpec command, String sentence) {
        return new ParameterException(command.commandLine(), sentence);
    }

    /** A command whose options may come from the environment or a file. */
    static CommandLine commandLine(Object command, Map<String, String> environment) {
        return new CommandLine(command).setDefaultValueProvider(new Settings(environment));
    }
}
