package io.tailrace.sink.cloudwatch;

import java.time.Duration;
import java.util.Optional;

/** What came of one request. */
sealed interface Outcome {
  /** It was done. */
  record Done() implements Outcome {}

  /** It was not done, and may be tried again. */
  record Later(String reason, Optional<Duration> after) implements Outcome {}

  /** It was not done, and never will be. */
  record Refused(String reason) implements Outcome {}

  /** It was not done, and nothing will be until a person mends something. */
  record Misconfigured(String reason) implements Outcome {}

  /** Nobody knows whether it was done. */
  record InDoubt(String reason) implements Outcome {}
}
