package io.serverlesscontainers.examples.service.http;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * A key for a server at 127.0.0.1, made by the JDK's own program.
 *
 * @param keystore the key, with the certificate that it has made for itself
 * @param certificate the certificate alone, as PEM
 */
public record TestKeystore(Listen.Keystore keystore, Path certificate) {
    private static final String PASSWORD = "password";

    /** Makes both, with this name, in a directory. */
    public static TestKeystore in(Path directory, String name) throws IOException, InterruptedException {
        Path file = directory.resolve(name + ".p12");
        Path certificate = directory.resolve(name + ".pem");
        keytool(directory, file, "-genkeypair", "-keyalg", "EC", "-dname", "CN=" + name, "-ext", "san=ip:127.0.0.1");
        keytool(directory, file, "-exportcert", "-rfc", "-file", certificate.toString());
        return new TestKeystore(new Listen.Keystore(file.toString(), PASSWORD), certificate);
    }

    private static void keytool(Path directory, Path file, String... arguments)
            throws IOException, InterruptedException {
        var command = new ArrayList<String>();
        command.add(Path.of(System.getProperty("java.home"), "bin/keytool").toString());
        command.addAll(List.of(arguments));
        command.addAll(List.of(
                "-alias", "test", "-storetype", "PKCS12", "-keystore", file.toString(), "-storepass", PASSWORD));
        Process keytool = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(directory.resolve("keytool.txt").toFile())
                .start();
        assertThat(keytool.waitFor()).isZero();
    }
}
