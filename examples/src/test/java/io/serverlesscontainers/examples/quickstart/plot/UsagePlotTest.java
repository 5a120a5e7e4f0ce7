package io.serverlesscontainers.examples.quickstart.plot;

import static org.assertj.core.api.Assertions.assertThat;

import io.serverlesscontainers.examples.quickstart.report.Reading;
import io.serverlesscontainers.examples.quickstart.workload.GuardedByHand;
import io.serverlesscontainers.examples.quickstart.workload.Timetable;
import io.serverlesscontainers.examples.quickstart.workload.WorkloadPlan;
import io.serverlesscontainers.store.document.Direction;
import io.serverlesscontainers.store.document.Resource;
import java.io.StringReader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import javax.xml.parsers.DocumentBuilderFactory;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.w3c.dom.Document;
import org.w3c.dom.Element;
import org.w3c.dom.NodeList;
import org.xml.sax.InputSource;

class UsagePlotTest {
    @TempDir
    Path directory;

    @Test
    void aRunIsOneWellFormedFileWithAPanelPerResource() throws Exception {
        Path file = directory.resolve("plots/cont0.svg");
        UsagePlot plot = aRun();

        plot.writeTo(file);

        Document svg = parsed(Files.readString(file));
        assertThat(svg.getDocumentElement().getTagName()).isEqualTo("svg");
        assertThat(texts(svg)).contains("cont0", "traditional", "serverless", "max 100", "min 10");
        assertThat(texts(svg)).contains("free for others");
        assertThat(headings(svg)).containsExactly("CPU", "Memory");
        assertThat(ofClass(svg, "limit")).hasSize(3); // two panels and the legend
    }

    @Test
    void everyScalingIsATriangleThatSaysWhy() throws Exception {
        UsagePlot plot = aRun();

        Document svg = parsed(plot.toSvg());

        List<Mark> marks =
                plot.series().stream().flatMap(one -> one.marks().stream()).toList();
        long ups =
                marks.stream().filter(mark -> mark.direction() == Direction.UP).count();
        assertThat(ofClass(svg, "mark up")).hasSize((int) ups + 1);
        assertThat(ofClass(svg, "mark down")).hasSize((int) (marks.size() - ups) + 1);
        assertThat(ofClass(svg, "mark up").get(0).getTextContent()).isBlank(); // the legend's
        assertThat(ofClass(svg, "mark up").get(1).getTextContent()).contains(" s: from ");
    }

    @Test
    void whatIsNotKnownIsAGapAndNeverANumber() throws Exception {
        var unknown = new Reading(Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN, Double.NaN);
        var known = new Reading(20, 50, Double.NaN, Double.NaN, 10, 100);
        var series = new ResourceSeries(
                Resource.CPU,
                List.of(
                        new TimedReading(0, known),
                        new TimedReading(1, known),
                        new TimedReading(2, unknown),
                        new TimedReading(3, known)),
                List.of());

        String svg = new UsagePlot("gap", "", List.of(), List.of(series)).toSvg();

        parsed(svg);
        assertThat(svg).doesNotContain("NaN").doesNotContain("Infinity");
        Element usage = ofClass(parsed(svg), "usage").get(1);
        assertThat(usage.getAttribute("d").chars().filter(sign -> sign == 'M')).hasSize(2);
    }

    @Test
    void aRunWithoutASingleSampleIsStillAPicture() throws Exception {
        var nothing = new ResourceSeries(Resource.NET, List.of(), List.of());

        Document svg = parsed(new UsagePlot("empty", "", List.of(), List.of(nothing)).toSvg());

        assertThat(texts(svg)).contains("empty");
        assertThat(headings(svg)).containsExactly("NET");
    }

    @Test
    void aLongRunDoesNotMakeALargeFile() throws Exception {
        List<TimedReading> day = IntStream.range(0, 200_000)
                .mapToObj(second -> new TimedReading(second, new Reading(second % 90, 100, 90, 80, 10, 100)))
                .toList();

        String svg =
                new UsagePlot("day", "", List.of(), List.of(new ResourceSeries(Resource.CPU, day, List.of()))).toSvg();

        assertThat(svg.length()).isLessThan(500_000);
    }

    @Property(tries = 500)
    void noNameBreaksTheFile(@ForAll String name) throws Exception {
        var mark = new Mark(1, 50, Direction.UP, name);
        var series = new ResourceSeries(
                Resource.CPU, List.of(new TimedReading(0, new Reading(1, 2, 3, 4, 5, 6))), List.of(mark));

        Document svg = parsed(new UsagePlot(name, name, List.of(new Span(name, 0, 1, true)), List.of(series)).toSvg());

        assertThat(svg.getElementsByTagName("script").getLength()).isZero();
    }

    @Test
    void aHostileNameIsShownAsItIs() throws Exception {
        String name = "<script>alert(\"1\")</script> & ]]> '\u0000'";

        Document svg = parsed(new UsagePlot(name, "", List.of(), List.of()).toSvg());

        assertThat(texts(svg)).contains("<script>alert(\"1\")</script> & ]]> '\uFFFD'");
    }

    private static UsagePlot aRun() {
        var timetable = new Timetable(Duration.ofSeconds(60), Duration.ofSeconds(1));
        WorkloadPlan plan = WorkloadPlan.of(0, timetable);
        GuardedByHand cpu = GuardedByHand.cpu().run(plan, timetable);
        GuardedByHand memory = GuardedByHand.memory().run(plan, timetable);
        double from = timetable.guardedFrom().toSeconds();
        double to = timetable.guardedUntil().toSeconds();
        return new UsagePlot(
                "cont0",
                "42 % of the allocated CPU was used; with fixed limits it would have been 24 %",
                List.of(
                        new Span("traditional", 0, from, false),
                        new Span("serverless", from, to, true),
                        new Span("traditional", to, 60, false)),
                List.of(
                        new ResourceSeries(Resource.CPU, cpu.samples(), cpu.marks()),
                        new ResourceSeries(Resource.MEMORY, memory.samples(), memory.marks())));
    }

    private static Document parsed(String svg) throws Exception {
        return DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(new InputSource(new StringReader(svg)));
    }

    private static List<String> texts(Document svg) {
        return elements(svg.getElementsByTagName("text")).stream()
                .map(Element::getTextContent)
                .toList();
    }

    private static List<String> headings(Document svg) {
        return elements(svg.getElementsByTagName("tspan")).stream()
                .filter(element -> element.getAttribute("class").equals("panel-title"))
                .map(Element::getTextContent)
                .toList();
    }

    private static List<Element> ofClass(Document svg, String style) {
        return elements(svg.getElementsByTagName("path")).stream()
                .filter(element -> element.getAttribute("class").equals(style))
                .toList();
    }

    private static List<Element> elements(NodeList nodes) {
        List<Element> elements = new ArrayList<>();
        for (int i = 0; i < nodes.getLength(); i++) {
            elements.add((Element) nodes.item(i));
        }
        return elements;
    }
}
