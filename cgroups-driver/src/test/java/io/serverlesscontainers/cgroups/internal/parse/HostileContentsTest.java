package io.serverlesscontainers.cgroups.internal.parse;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.core.spi.CgroupException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.net.URISyntaxException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.junit.jupiter.api.Test;

/** Every parser of bytes in this package, whoever wrote it, on files as a broken or hostile kernel would show them. */
class HostileContentsTest {
    private static final String PATH = "/sys/fs/cgroup/cont0/file";
    private static final int LONGEST_SENTENCE = 400;
    private static final List<Method> PARSERS = parsers();

    @Test
    void the_parsers_are_found() {
        assertThat(PARSERS)
                .extracting(Method::getName)
                .contains("number", "limit", "quota", "bandwidth", "field", "cpus", "throttling");
    }

    @Property(tries = 10_000)
    void a_parser_answers_or_says_in_one_sentence_why_not(
            @ForAll("contents") byte[] content, @ForAll("keys") String key) throws Exception {
        for (Method parser : PARSERS) {
            ByteBuffer text = ByteBuffer.wrap(content).asReadOnlyBuffer();
            Object[] arguments = Arrays.stream(parser.getParameterTypes())
                    .map(type -> argument(type, text, key))
                    .toArray();
            try {
                assertThat(parser.invoke(null, arguments)).as("%s", parser).isNotNull();
            } catch (InvocationTargetException thrown) {
                assertThat(thrown.getCause()).as("%s", parser).isInstanceOf(CgroupException.class);
                String sentence = thrown.getCause().getMessage();
                assertThat(sentence).startsWith(PATH).hasSizeLessThan(LONGEST_SENTENCE);
                assertThat(sentence.chars().noneMatch(Character::isISOControl)).isTrue();
            }
            assertThat(text.position()).isZero();
        }
    }

    @Property(tries = 10_000)
    void a_list_of_a_processs_cgroups_is_read_as_far_as_it_is_one(@ForAll("contents") byte[] content) {
        var cgroups = ProcessCgroups.parse(new String(content, StandardCharsets.UTF_8));
        cgroups.v1("memory").ifPresent(path -> assertThat(path).startsWith("/"));
        cgroups.v2().ifPresent(path -> assertThat(path).startsWith("/"));
    }

    private static Object argument(Class<?> type, ByteBuffer text, String key) {
        if (type == ByteBuffer.class) {
            return text;
        } else if (type == String.class) {
            return PATH;
        } else if (type == byte[].class) {
            return key.getBytes(StandardCharsets.US_ASCII);
        } else if (type == long.class) {
            return Long.MAX_VALUE;
        }
        throw new AssertionError("this test does not know what to give a parser for its " + type);
    }

    /** The public functions on bytes of this package's public classes. */
    private static List<Method> parsers() {
        String suffix = ".class";
        try (Stream<Path> files = Files.list(
                Path.of(KernelText.class.getResource("KernelText.class").toURI())
                        .getParent())) {
            return files.map(file -> file.getFileName().toString())
                    .filter(name -> name.endsWith(suffix) && !name.startsWith("package-info"))
                    .map(name -> type(name.substring(0, name.length() - suffix.length())))
                    .flatMap(type -> Arrays.stream(type.getMethods()))
                    .filter(method -> Modifier.isStatic(method.getModifiers())
                            && List.of(method.getParameterTypes()).contains(ByteBuffer.class))
                    .toList();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        } catch (URISyntaxException impossible) {
            throw new AssertionError(impossible);
        }
    }

    private static Class<?> type(String name) {
        try {
            return Class.forName(KernelText.class.getPackageName() + "." + name);
        } catch (ClassNotFoundException impossible) {
            throw new AssertionError(impossible);
        }
    }

    @Provide
    Arbitrary<String> keys() {
        return Arbitraries.of("nr_periods ", "oom_kill ", "rbps=", "some ", "8:0 ", "MemTotal: ", "");
    }

    /** Noise; what a kernel writes, put together wrongly; and what it writes, cut off or repeated without end. */
    @Provide
    Arbitrary<byte[]> contents() {
        Arbitrary<byte[]> noise = Arbitraries.bytes().array(byte[].class).ofMaxSize(400);
        Arbitrary<String> word = Arbitraries.of(
                "max",
                "-1",
                "-",
                "0",
                "00",
                "100000",
                "-9223372036854775808",
                "18446744073709551616",
                "9".repeat(300),
                "NaN",
                "1e9",
                "0x10",
                " ",
                "\t",
                "\n",
                "\r\n",
                "\0",
                "=",
                ":",
                "/",
                ",",
                "-",
                ".",
                "é",
                "\u2028",
                "0-1",
                "8:0",
                "rbps=",
                "wbps=max",
                "rbytes=",
                "some",
                "avg10=0.00",
                "total=",
                "nr_periods",
                "nr_throttled",
                "usage_usec",
                "oom_kill",
                "inactive_file",
                "MemTotal:",
                "kB",
                "cpu,cpuacct",
                "0::",
                "..");
        Arbitrary<byte[]> nearlyRight =
                word.list().ofMaxSize(16).map(words -> String.join("", words).getBytes(StandardCharsets.UTF_8));
        Arbitrary<byte[]> real = Arbitraries.of(
                        "max 100000\n",
                        "usage_usec 5\nnr_periods 40\nnr_throttled 10\n",
                        "low 0\nhigh 0\nmax 0\noom 0\noom_kill 0\n",
                        "8:0 rbps=1 wbps=max riops=max wiops=max\n",
                        "8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=0 dios=0\n",
                        "some avg10=0.00 avg60=0.00 avg300=0.00 total=7\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=3\n",
                        "8:0 Read 4096\n8:0 Write 0\nTotal 4096\n",
                        "12:memory:/web/1\n0::/web/1\n",
                        "9223372036854771712\n")
                .flatMap(text -> Arbitraries.integers()
                        .between(0, text.length())
                        .flatMap(length -> Arbitraries.of(1, 2, 100)
                                .map(times ->
                                        text.substring(0, length).repeat(times).getBytes(StandardCharsets.UTF_8))));
        return Arbitraries.oneOf(noise, nearlyRight, real);
    }
}
