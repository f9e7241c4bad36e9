package io.tailrace.service;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.LoggerContext;
import ch.qos.logback.classic.spi.Configurator;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.ConsoleAppender;
import ch.qos.logback.core.encoder.EncoderBase;
import ch.qos.logback.core.spi.ContextAwareBase;
import java.util.Locale;
import java.util.Map;
import org.slf4j.LoggerFactory;

/**
 * Logs one line each to stderr. {@code TAILRACE_LOG_FORMAT=json} and {@code TAILRACE_LOG_LEVEL}
 * choose how much and how; a logback file named by {@code -Dlogback.configurationFile} wins.
 */
public final class Logging extends ContextAwareBase implements Configurator {
  private static final String OWN = "io.tailrace";
  private static final String FORMAT = "TAILRACE_LOG_FORMAT";
  private static final String LEVEL = "TAILRACE_LOG_LEVEL";

  /** Called by logback itself, before the first line is logged. */
  @Override
  public ExecutionStatus configure(LoggerContext context) {
    if (System.getProperty("logback.configurationFile") != null) {
      return ExecutionStatus.INVOKE_NEXT_IF_ANY;
    }
    apply(context, System.getenv());
    return ExecutionStatus.DO_NOT_INVOKE_NEXT_IF_ANY;
  }

  /** Shows what a person would want while looking for a fault. */
  public static void verbose() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context) {
      levels(context, Level.DEBUG);
    }
  }

  /** Leaves it to the caller to say what went wrong, unless {@link #verbose} was asked for. */
  public static void quiet() {
    if (LoggerFactory.getILoggerFactory() instanceof LoggerContext context
        && !context.getLogger(OWN).isDebugEnabled()) {
      levels(context, Level.ERROR);
    }
  }

  static void apply(LoggerContext context, Map<String, String> environment) {
    boolean json = environment.getOrDefault(FORMAT, "text").equalsIgnoreCase("json");
    EncoderBase<ILoggingEvent> encoder = json ? new JsonLines() : new TextLines();
    encoder.setContext(context);
    encoder.start();
    ConsoleAppender<ILoggingEvent> stderr = new ConsoleAppender<>();
    stderr.setContext(context);
    stderr.setName("stderr");
    stderr.setTarget("System.err");
    stderr.setEncoder(encoder);
    stderr.start();
    Logger root = context.getLogger(Logger.ROOT_LOGGER_NAME);
    root.detachAndStopAllAppenders();
    root.addAppender(stderr);
    levels(context, Level.toLevel(environment.get(LEVEL), Level.INFO));
  }

  /** Libraries, Kafka above all, tell their life story at INFO; that is shown from DEBUG on. */
  private static void levels(LoggerContext context, Level own) {
    Level libraries = own.isGreaterOrEqual(Level.INFO) ? Level.WARN : Level.INFO;
    context.getLogger(Logger.ROOT_LOGGER_NAME).setLevel(max(libraries, own));
    context.getLogger(OWN).setLevel(own);
    // At WARN it lists every property a client does not know, those of our serializers included.
    context.getLogger("org.apache.kafka.common.config.AbstractConfig").setLevel(Level.ERROR);
  }

  private static Level max(Level left, Level right) {
    return left.isGreaterOrEqual(right) ? left : right;
  }

  /** The last part of a logger's name, which is the class for most. */
  static String shortName(String logger) {
    return logger.substring(logger.lastIndexOf('.') + 1);
  }

  static String level(ILoggingEvent event) {
    return event.getLevel().toString().toLowerCase(Locale.ROOT);
  }
}
