package io.tailrace.cli;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.ObjectiveStatus;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;
import java.io.StringWriter;
import java.util.List;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/** A summary as people and build servers read it. */
final class VerdictReport {
  private final RunSummary summary;

  VerdictReport(RunSummary summary) {
    this.summary = summary;
  }

  int exitCode() {
    return switch (summary.getVerdict()) {
      case FAILED -> ExitCode.RUN_FAILED;
      case PASSED -> summary.getStopped() == null ? ExitCode.DONE : ExitCode.RUN_STOPPED;
      case INCOMPLETE ->
          summary.getStopped() == null ? ExitCode.RUN_INCOMPLETE : ExitCode.RUN_STOPPED;
      case UNKNOWN -> ExitCode.NO_VERDICT;
    };
  }

  String text() {
    StringBuilder text = new StringBuilder();
    text.append(
        "%s: %s, %d requests, %s%% failed%n"
            .formatted(
                summary.getVerdict(),
                summary.getRun(),
                summary.getRequests(),
                rounded(summary.getErrorRatePercent())));
    if (summary.getStopped() != null) {
      text.append("  stopped: ").append(summary.getStopped()).append('\n');
    }
    for (ObjectiveResult result : summary.getObjectives()) {
      text.append("  %-10s %s".formatted(status(result), result.getObjective().getName()));
      text.append(result.getReason().isEmpty() ? "\n" : ": " + result.getReason() + "\n");
    }
    otherReasons().forEach(reason -> text.append("  ").append(reason).append('\n'));
    return text.toString();
  }

  String json() {
    ObjectMapper mapper = new ObjectMapper();
    ObjectNode root = mapper.createObjectNode();
    root.put("run", summary.getRun());
    root.put("test_name", testName());
    root.put("verdict", summary.getVerdict().name());
    root.put("exit_code", exitCode());
    root.put("requests", summary.getRequests());
    root.put("errors", summary.getErrors());
    root.put("error_rate", summary.getErrorRatePercent());
    root.put("throughput", summary.getThroughput());
    root.put("stopped", summary.getStopped());
    ArrayNode reasons = root.putArray("reasons");
    summary.getReasons().forEach(reasons::add);
    ArrayNode objectives = root.putArray("objectives");
    for (ObjectiveResult result : summary.getObjectives()) {
      ObjectNode one = objectives.addObject();
      one.put("name", result.getObjective().getName());
      one.put("objective", result.getObjective().getExpression());
      one.put("series", result.getObjective().getSeries());
      one.put("severity", result.getObjective().getSeverity().name());
      one.put("status", result.getStatus().name());
      one.put("reason", result.getReason());
      one.put("worst", result.getWorst());
      one.put("first_failed_micros", result.getFirstFailedMicros());
      one.put("broken_micros", result.getBrokenMicros());
    }
    try {
      return mapper.writerWithDefaultPrettyPrinter().writeValueAsString(root) + "\n";
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("a tree that is no JSON", e);
    }
  }

  /** One test case an objective, and one that no samples are missing. */
  String junit() {
    StringWriter text = new StringWriter();
    try {
      XMLStreamWriter xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
      xml.writeStartDocument("UTF-8", "1.0");
      xml.writeStartElement("testsuite");
      xml.writeAttribute("name", clean("tailrace " + testName() + " " + summary.getRun()));
      List<ObjectiveResult> results = summary.getObjectives();
      boolean incomplete = summary.getVerdict() == Verdict.INCOMPLETE;
      long failures = results.stream().filter(VerdictReport::counts).count();
      xml.writeAttribute("tests", Integer.toString(results.size() + 1));
      xml.writeAttribute("failures", Long.toString(failures + (incomplete ? 1 : 0)));
      for (ObjectiveResult result : results) {
        testCase(xml, result);
      }
      xml.writeStartElement("testcase");
      xml.writeAttribute("classname", "tailrace");
      xml.writeAttribute("name", "no samples are missing");
      if (incomplete) {
        element(xml, "failure", String.join("; ", summary.getReasons()));
      }
      xml.writeEndElement();
      xml.writeEndElement();
      xml.writeEndDocument();
      xml.close();
    } catch (XMLStreamException e) {
      throw new IllegalStateException("cannot write XML to memory", e);
    }
    return text + "\n";
  }

  private static void testCase(XMLStreamWriter xml, ObjectiveResult result)
      throws XMLStreamException {
    xml.writeStartElement("testcase");
    xml.writeAttribute("classname", "tailrace.objective");
    xml.writeAttribute("name", clean(result.getObjective().getName()));
    if (counts(result)) {
      element(xml, "failure", result.getObjective().getExpression() + ": " + result.getReason());
    } else if (result.getStatus() == ObjectiveStatus.NOT_JUDGED) {
      element(xml, "skipped", result.getReason());
    }
    xml.writeEndElement();
  }

  private static void element(XMLStreamWriter xml, String name, String message)
      throws XMLStreamException {
    xml.writeStartElement(name);
    xml.writeAttribute("message", clean(message));
    xml.writeEndElement();
  }

  String markdown() {
    StringBuilder text = new StringBuilder();
    text.append("## ").append(summary.getVerdict()).append(": ").append(cell(testName()));
    text.append(" (").append(cell(summary.getRun())).append(")\n\n");
    if (summary.getStopped() != null) {
      text.append("Stopped: ").append(cell(summary.getStopped())).append("\n\n");
    }
    text.append("| objective | result | why |\n| --- | --- | --- |\n");
    for (ObjectiveResult result : summary.getObjectives()) {
      text.append(
          "| %s | %s | %s |%n"
              .formatted(
                  cell(result.getObjective().getName()), status(result), cell(result.getReason())));
    }
    otherReasons().forEach(reason -> text.append("\n- ").append(cell(reason)));
    return text.append('\n').toString();
  }

  private static boolean counts(ObjectiveResult result) {
    return result.getStatus() == ObjectiveStatus.FAILED
        && result.getObjective().getSeverity() != Severity.INFO;
  }

  /** What is not said of an objective. */
  private List<String> otherReasons() {
    List<String> names =
        summary.getObjectives().stream().map(r -> r.getObjective().getName() + " ").toList();
    return summary.getReasons().stream()
        .filter(reason -> names.stream().noneMatch(reason::startsWith))
        .toList();
  }

  private String testName() {
    RunDescription description = summary.getDescription();
    return description == null ? "" : description.getTestName();
  }

  private static String status(ObjectiveResult result) {
    return result.getStatus().name().toLowerCase(Locale.ROOT).replace('_', ' ');
  }

  private static String rounded(double percent) {
    return String.format(Locale.ROOT, "%.2f", percent);
  }

  /** XML has no way to write most control characters. */
  private static String clean(String text) {
    return text.replaceAll("[^\\x20-\\uD7FF\\uE000-\\uFFFD]", "?");
  }

  private static String cell(String text) {
    return text.replaceAll("\\p{Cntrl}", " ").replace("|", "\\|").replace("<", "&lt;");
  }
}
