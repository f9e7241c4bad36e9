package io.tailrace.embedded;

import java.io.PrintStream;
import java.nio.file.Path;
import java.util.concurrent.CountDownLatch;

/** Runs the embedded broker as a process of its own until it is told to stop. */
public final class EmbeddedKafkaMain {
  private static final String USAGE =
      "usage: EmbeddedKafkaMain [--data FOLDER] [--port PORT] [--set PROPERTY=VALUE]...";

  private EmbeddedKafkaMain() {}

  /** Prints the bootstrap address as its only line once clients can use the broker. */
  public static void main(String[] arguments) throws InterruptedException {
    EmbeddedKafka broker;
    try {
      broker = parse(arguments).start();
    } catch (IllegalArgumentException e) {
      exit(2, e.getMessage() + "\n" + USAGE);
      return;
    } catch (EmbeddedKafkaException e) {
      exit(1, String.valueOf(e.getMessage()));
      return;
    }
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  broker.close();
                  stopped.countDown();
                },
                "embedded-kafka-shutdown"));
    System.out.println(broker.bootstrapServers());
    System.out.flush();
    stopped.await();
  }

  private static EmbeddedKafka.Builder parse(String[] arguments) {
    EmbeddedKafka.Builder builder = EmbeddedKafka.builder();
    for (int i = 0; i < arguments.length; i += 2) {
      String option = arguments[i];
      if (i + 1 == arguments.length) {
        throw new IllegalArgumentException(
            option + ": a value is missing, or the option is unknown");
      }
      String value = arguments[i + 1];
      switch (option) {
        case "--data" -> builder.dataFolder(Path.of(value));
        case "--port" -> builder.port(port(value));
        case "--set" -> {
          int equals = value.indexOf('=');
          if (equals < 1) {
            throw new IllegalArgumentException("--set " + value + ": expected PROPERTY=VALUE");
          }
          builder.property(value.substring(0, equals), value.substring(equals + 1));
        }
        default -> throw new IllegalArgumentException("unknown option " + option);
      }
    }
    return builder;
  }

  private static int port(String value) {
    try {
      return Integer.parseInt(value);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("--port " + value + ": expected a number", e);
    }
  }

  private static void exit(int code, String message) {
    PrintStream err = System.err;
    err.println(message);
    err.flush();
    // Halting would lose the line; threads of a broker that half started must not keep us alive.
    System.exit(code);
  }
}
