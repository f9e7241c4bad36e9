package io.tailrace.service;

import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.classic.spi.IThrowableProxy;
import ch.qos.logback.classic.spi.StackTraceElementProxy;
import ch.qos.logback.core.encoder.EncoderBase;
import java.nio.charset.StandardCharsets;
import java.time.temporal.ChronoUnit;
import org.slf4j.event.KeyValuePair;

/** Log lines for people; an exception and its causes stay on the line. */
final class TextLines extends EncoderBase<ILoggingEvent> {
  private static final int DEEPEST_CAUSE = 8;

  @Override
  public byte[] encode(ILoggingEvent event) {
    StringBuilder line = new StringBuilder(160);
    line.append(event.getInstant().truncatedTo(ChronoUnit.MILLIS)).append(' ');
    line.append("%-5s".formatted(event.getLevel())).append(' ');
    line.append(Logging.shortName(event.getLoggerName())).append(": ");
    line.append(event.getFormattedMessage());
    if (event.getKeyValuePairs() != null) {
      for (KeyValuePair pair : event.getKeyValuePairs()) {
        line.append(' ').append(pair.key).append('=').append(pair.value);
      }
    }
    IThrowableProxy thrown = event.getThrowableProxy();
    for (int depth = 0; thrown != null && depth < DEEPEST_CAUSE; depth++) {
      append(line, thrown);
      thrown = thrown.getCause();
    }
    return (oneLine(line) + "\n").getBytes(StandardCharsets.UTF_8);
  }

  private static void append(StringBuilder line, IThrowableProxy thrown) {
    line.append(" <- ").append(Logging.shortName(thrown.getClassName()));
    if (thrown.getMessage() != null) {
      line.append(": ").append(thrown.getMessage());
    }
    StackTraceElementProxy[] frames = thrown.getStackTraceElementProxyArray();
    if (frames != null && frames.length > 0) {
      line.append(" (").append(frames[0].getSTEAsString()).append(')');
    }
  }

  /** What came from outside must not look like a line of its own, nor move a terminal's cursor. */
  private static String oneLine(StringBuilder line) {
    for (int i = 0; i < line.length(); i++) {
      if (Character.isISOControl(line.charAt(i))) {
        line.setCharAt(i, ' ');
      }
    }
    return line.toString();
  }

  @Override
  public byte[] headerBytes() {
    return new byte[0];
  }

  @Override
  public byte[] footerBytes() {
    return new byte[0];
  }
}
