package io.tailrace.embedded;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.extension.ConditionEvaluationResult;
import org.junit.jupiter.api.extension.ExecutionCondition;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.platform.commons.support.AnnotationSupport;

/** Leaves out the tests of a missing server and writes that down for the end of the build. */
final class MissingServerCondition implements ExecutionCondition {
  /** What the build prints when it ends: one file for each class that did not run. */
  private static final Path NOT_RUN = Path.of("target", "not-run");

  @Override
  public ConditionEvaluationResult evaluateExecutionCondition(ExtensionContext context) {
    TestServer[] needed =
        context
            .getElement()
            .flatMap(element -> AnnotationSupport.findAnnotation(element, NeedsServer.class))
            .map(NeedsServer::value)
            .orElse(new TestServer[0]);
    return context
        .getTestClass()
        .filter(type -> context.getTestMethod().isEmpty())
        .map(type -> decide(type.getName(), Stream.of(needed).toList(), System.getenv(), NOT_RUN))
        .orElse(ConditionEvaluationResult.enabled("decided for the class"));
  }

  static ConditionEvaluationResult decide(
      String tests, List<TestServer> needed, Map<String, String> environment, Path notRun) {
    List<String> missing =
        needed.stream()
            .filter(server -> server.find(environment).isEmpty())
            .map(TestServer::howToGetIt)
            .toList();
    Path note = notRun.resolve(tests + ".txt");
    try {
      Files.deleteIfExists(note);
      if (missing.isEmpty()) {
        return ConditionEvaluationResult.enabled("all servers are there");
      }
      String reason = String.join("; ", missing);
      if (Boolean.parseBoolean(environment.get("CI"))) {
        throw new IllegalStateException("%s cannot run: %s".formatted(tests, reason));
      }
      Files.createDirectories(notRun);
      Files.writeString(note, "NOT RUN: %s: %s%n".formatted(tests, reason));
      return ConditionEvaluationResult.disabled(reason);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write down that %s did not run".formatted(tests), e);
    }
  }
}
