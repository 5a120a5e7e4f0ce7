package io.serverlesscontainers.examples.quickstart;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermissions;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The script in a tree of its own, with a PATH that holds only what the test puts there. */
class QuickstartScriptTest {
    private static final List<String> TOOLS = List.of("sh", "sed", "find", "head", "dirname", "cut", "stty");

    @TempDir
    Path root;

    private Path path;
    private Path jar;

    @BeforeEach
    void layOut() throws IOException {
        path = Files.createDirectory(root.resolve("a path"));
        for (String tool : TOOLS) {
            for (Path directory : List.of(Path.of("/usr/bin"), Path.of("/bin"))) {
                if (Files.exists(directory.resolve(tool)) && !Files.exists(path.resolve(tool))) {
                    Files.createSymbolicLink(path.resolve(tool), directory.resolve(tool));
                }
            }
        }
        Files.createDirectories(root.resolve("examples/src/main"));
        Files.createDirectories(root.resolve("examples/target"));
        Files.writeString(root.resolve("pom.xml"), "");
        Files.writeString(root.resolve("examples/pom.xml"), "");
        Files.copy(Path.of("quickstart"), root.resolve("examples/quickstart"));
        jar = root.resolve("examples/target/serverless-containers.jar");
    }

    @Test
    void withoutJavaItSaysWhatToInstall() throws Exception {
        assertThat(run(""))
                .isEqualTo("1: quickstart: no Java found: install a JDK, 17 or newer, or let JAVA_HOME point"
                        + " to one.");
    }

    @Test
    void anOldJavaIsNamed() throws Exception {
        fakeJava("11");
        assertThat(run("")).startsWith("1: quickstart: ").endsWith("/java is Java 11: a JDK, 17 or newer, is needed.");

        fakeJava("1.8");
        assertThat(run("")).endsWith("/java is too old: a JDK, 17 or newer, is needed.");
    }

    @Test
    void withoutAJarAndMavenItSaysWhatToInstall() throws Exception {
        fakeJava("17");

        assertThat(run("")).startsWith("1: quickstart: ").contains("is missing and Maven is not installed");
    }

    @Test
    void aMissingJarIsBuiltOnceAndRunWithAllArguments() throws Exception {
        fakeJava("25");
        program("mvn", "echo \"mvn $*\" >> \"" + root + "/built\"; : > \"" + jar + "\"");

        assertThat(run("--driver simulated 'a b'"))
                .startsWith("0: Building ")
                .endsWith("<-jar> <" + jar + "> <quickstart> <--driver> <simulated> <a b>");
        assertThat(run("")).isEqualTo("0: <-jar> <" + jar + "> <quickstart>");
        assertThat(root.resolve("built")).hasContent("mvn -q -B -pl examples -am package -DskipTests");
    }

    @Test
    void aJarOlderThanItsSourcesIsBuiltAgain() throws Exception {
        fakeJava("17");
        Files.writeString(jar, "");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));
        Files.writeString(root.resolve("examples/src/main/New.java"), "");
        program("mvn", ": > \"" + root + "/built\"; : > \"" + jar + "\"");

        run("");

        assertThat(root.resolve("built")).exists();
    }

    @Test
    void aFailedBuildIsAFailure() throws Exception {
        fakeJava("17");
        program("mvn", "exit 1");

        assertThat(run("")).startsWith("1: ").endsWith("quickstart: the build failed, see above.");
    }

    @Test
    void anOldJarIsBetterThanNoneWhereNothingCanBeBuilt() throws Exception {
        fakeJava("17");
        Files.writeString(jar, "");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().minusSeconds(60)));

        assertThat(run("")).contains("is older than its sources").endsWith("<quickstart>");
    }

    private void fakeJava(String version) throws IOException {
        program(
                "java",
                "case $1 in -XshowSettings*) echo '    java.specification.version = " + version + "' >&2 ;;\n"
                        + "*) for argument; do printf '<%s> ' \"$argument\"; done ;; esac");
    }

    private void program(String name, String body) throws IOException {
        Path program = path.resolve(name);
        Files.writeString(program, "#!/bin/sh\n" + body + "\n");
        Files.setPosixFilePermissions(program, PosixFilePermissions.fromString("rwxr-xr-x"));
    }

    /** Exit code and all output, of a run from another directory. */
    private String run(String arguments) throws Exception {
        var builder = new ProcessBuilder(
                "/bin/sh", "-c", "exec sh '" + root.resolve("examples/quickstart") + "' " + arguments);
        builder.environment().clear();
        builder.environment().put("PATH", path.toString());
        Process process =
                builder.directory(new File("/")).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        return process.waitFor() + ": " + output.strip();
    }
}
