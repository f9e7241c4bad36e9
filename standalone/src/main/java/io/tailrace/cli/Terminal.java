package io.tailrace.cli;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The terminal this process writes to, and how wide it is. Not thread-safe. */
final class Terminal {
  private static final int COMMON_WIDTH = 80;
  private static final long ASK_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(5);

  private final Map<String, String> environment;
  private long askedNanos = System.nanoTime() - ASK_AGAIN_NANOS;
  private int width = COMMON_WIDTH;

  Terminal(Map<String, String> environment) {
    this.environment = environment;
  }

  static boolean isPresent(Map<String, String> environment) {
    if ("dumb".equals(environment.getOrDefault("TERM", "dumb"))) {
      return false;
    }
    try {
      // From Java 22 on, System.console() is there without a terminal too.
      Process test = new ProcessBuilder("test", "-t", "1").inheritIO().start();
      return test.waitFor() == 0;
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return false;
    }
  }

  /** In columns; asked for again now and then, as people resize windows. */
  int width() {
    if (System.nanoTime() - askedNanos >= ASK_AGAIN_NANOS) {
      askedNanos = System.nanoTime();
      width = asked();
    }
    return width;
  }

  private int asked() {
    try {
      Process stty =
          new ProcessBuilder("stty", "size")
              .redirectInput(ProcessBuilder.Redirect.from(new File("/dev/tty")))
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      String answer =
          new String(stty.getInputStream().readAllBytes(), StandardCharsets.US_ASCII).strip();
      String[] rowsAndColumns = answer.split(" ", -1);
      if (rowsAndColumns.length == 2) {
        return positive(rowsAndColumns[1]);
      }
    } catch (IOException e) {
      // No stty here; the environment may know.
    }
    return positive(environment.getOrDefault("COLUMNS", ""));
  }

  private static int positive(String number) {
    try {
      int columns = Integer.parseInt(number);
      return columns > 0 ? columns : COMMON_WIDTH;
    } catch (NumberFormatException e) {
      return COMMON_WIDTH;
    }
  }
}
