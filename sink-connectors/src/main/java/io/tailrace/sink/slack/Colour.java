package io.tailrace.sink.slack;

import io.tailrace.record.Severity;
import io.tailrace.record.Verdict;

/** The bar beside a message, by what it says. */
enum Colour {
  BLUE("#36C5F0"),
  GREEN("#2EB67D"),
  YELLOW("#ECB22E"),
  RED("#E01E5A");

  private final String code;

  Colour(String code) {
    this.code = code;
  }

  String code() {
    return code;
  }

  static Colour of(Verdict verdict) {
    return switch (verdict) {
      case PASSED -> GREEN;
      case FAILED -> RED;
      case INCOMPLETE, UNKNOWN -> YELLOW;
    };
  }

  static Colour of(Severity severity) {
    return severity == Severity.CRITICAL ? RED : YELLOW;
  }
}
