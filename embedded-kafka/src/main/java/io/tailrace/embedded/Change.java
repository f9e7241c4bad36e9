package io.tailrace.embedded;

import java.util.List;

/** What a request does to the log, possibly nothing, and what it is answered with then. */
record Change<T>(List<LogRecord> records, T answer) {
  static <T> Change<T> none(T answer) {
    return new Change<>(List.of(), answer);
  }
}
