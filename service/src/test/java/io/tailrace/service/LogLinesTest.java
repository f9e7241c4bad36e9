package io.tailrace.service;

import static org.assertj.core.api.Assertions.assertThat;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.LoggingEvent;
import ch.qos.logback.classic.util.LogbackMDCAdapter;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class LogLinesTest {
  private final LoggerContext context = new LoggerContext();

  @BeforeEach
  void prepare() {
    context.setMDCAdapter(new LogbackMDCAdapter());
  }

  private LoggingEvent event(String message, @Nullable Throwable thrown, Object... arguments) {
    Logger logger = context.getLogger("io.tailrace.sink.core.Runner");
    LoggingEvent event = new LoggingEvent("test", logger, Level.WARN, message, thrown, arguments);
    event.setInstant(Instant.parse("2026-01-02T03:04:05.678Z"));
    return event;
  }

  private static String text(byte[] line) {
    return new String(line, StandardCharsets.UTF_8);
  }

  @Test
  void keepsAMessageWithLineBreaksAndEscapesOnOneLine() {
    String line = text(new TextLines().encode(event("run {}", null, "a\n2026 INFO\u001b[2J")));

    assertThat(line).isEqualTo("2026-01-02T03:04:05.678Z WARN  Runner: run a 2026 INFO [2J\n");
  }

  @Test
  void keepsAnExceptionAndItsCauseOnTheLine() {
    Exception thrown =
        new IllegalStateException("cannot deliver", new java.io.IOException("refused\nby peer"));

    String line = text(new TextLines().encode(event("retrying", thrown)));

    assertThat(line)
        .contains(" <- IllegalStateException: cannot deliver (at ")
        .contains(" <- IOException: refused by peer")
        .hasLineCount(1);
  }

  @Test
  void writesOneJsonObjectPerLine() throws Exception {
    byte[] line = new JsonLines().encode(event("a \"b\"\n{}", new RuntimeException("x"), 7));

    assertThat(text(line)).hasLineCount(1);
    JsonNode json = new ObjectMapper().readTree(line);
    assertThat(json.get("message").asText()).isEqualTo("a \"b\"\n7");
    assertThat(json.get("level").asText()).isEqualTo("warn");
    assertThat(json.get("time").asText()).isEqualTo("2026-01-02T03:04:05.678Z");
    assertThat(json.get("error").asText()).contains("java.lang.RuntimeException: x\n");
  }

  @Test
  void keepsLibrariesQuietUnlessAskedForMore() {
    Logging.apply(context, Map.of());
    Logger kafka = context.getLogger("org.apache.kafka.clients.consumer");
    Logger own = context.getLogger("io.tailrace.cli");

    assertThat(kafka.getEffectiveLevel()).isEqualTo(Level.WARN);
    assertThat(own.getEffectiveLevel()).isEqualTo(Level.INFO);

    Logging.apply(context, Map.of("TAILRACE_LOG_LEVEL", "debug"));
    assertThat(kafka.getEffectiveLevel()).isEqualTo(Level.INFO);
    assertThat(own.getEffectiveLevel()).isEqualTo(Level.DEBUG);

    Logging.apply(context, Map.of("TAILRACE_LOG_LEVEL", "error"));
    assertThat(kafka.getEffectiveLevel()).isEqualTo(Level.ERROR);
  }
}
