package io.tailrace.sink.results;

import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;
import org.jspecify.annotations.Nullable;

/** A run as a JUnit report: one case per objective, and one for whether every sample is there. */
final class JunitXml {
  private record Case(String name, @Nullable String failure, @Nullable String skipped) {}

  private JunitXml() {}

  static String of(RunSummary summary) {
    List<Case> cases = new ArrayList<>();
    summary.getObjectives().forEach(each -> cases.add(objective(each)));
    cases.add(completeness(summary));
    try {
      return write(summary, cases);
    } catch (XMLStreamException e) {
      throw new IllegalStateException("writing XML into memory cannot fail", e);
    }
  }

  private static Case objective(ObjectiveResult result) {
    String name = result.getObjective().getName() + ": " + result.getObjective().getExpression();
    ObjectiveStatus status = result.getStatus();
    return new Case(
        name,
        status == ObjectiveStatus.FAILED ? result.getReason() : null,
        status == ObjectiveStatus.PASSED || status == ObjectiveStatus.FAILED
            ? null
            : result.getReason());
  }

  private static Case completeness(RunSummary summary) {
    boolean incomplete =
        summary.getVerdict() == Verdict.INCOMPLETE
            || summary.getLedger().stream().anyMatch(node -> !node.getBalanced());
    return new Case(
        "every sample is accounted for",
        incomplete ? String.join("; ", summary.getReasons()) : null,
        null);
  }

  private static String write(RunSummary summary, List<Case> cases) throws XMLStreamException {
    StringWriter text = new StringWriter();
    XMLStreamWriter xml = XMLOutputFactory.newFactory().createXMLStreamWriter(text);
    String seconds =
        String.format(
            Locale.ROOT, "%.3f", (summary.getEndMicros() - summary.getStartMicros()) / 1e6);
    xml.writeStartDocument("UTF-8", "1.0");
    xml.writeCharacters("\n");
    xml.writeStartElement("testsuite");
    xml.writeAttribute("name", printable(testName(summary)));
    xml.writeAttribute("tests", String.valueOf(cases.size()));
    xml.writeAttribute(
        "failures", String.valueOf(cases.stream().filter(c -> c.failure() != null).count()));
    xml.writeAttribute(
        "skipped", String.valueOf(cases.stream().filter(c -> c.skipped() != null).count()));
    xml.writeAttribute("errors", "0");
    xml.writeAttribute("time", seconds);
    for (Case each : cases) {
      xml.writeCharacters("\n  ");
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", printable("tailrace." + testName(summary)));
      xml.writeAttribute("name", printable(each.name()));
      xml.writeAttribute("time", seconds);
      remark(xml, "failure", each.failure());
      remark(xml, "skipped", each.skipped());
      xml.writeEndElement();
    }
    xml.writeCharacters("\n");
    xml.writeEndElement();
    xml.writeEndDocument();
    return text + "\n";
  }

  private static void remark(XMLStreamWriter xml, String element, @Nullable String message)
      throws XMLStreamException {
    if (message != null) {
      xml.writeStartElement(element);
      xml.writeAttribute("message", printable(message));
      xml.writeEndElement();
    }
  }

  private static String testName(RunSummary summary) {
    return summary.getDescription() == null
        ? summary.getRun()
        : summary.getDescription().getTestName();
  }

  /** XML 1.0 has no way to write most control characters, escaped or not. */
  private static String printable(String text) {
    StringBuilder kept = new StringBuilder(text.length());
    text.codePoints().map(c -> isXml(c) ? c : '\uFFFD').forEach(kept::appendCodePoint);
    return kept.toString();
  }

  private static boolean isXml(int c) {
    return c == 0x9
        || c == 0xA
        || c == 0xD
        || (c >= 0x20 && c <= 0xD7FF)
        || (c >= 0xE000 && c <= 0xFFFD)
        || c >= 0x10000;
  }
}
