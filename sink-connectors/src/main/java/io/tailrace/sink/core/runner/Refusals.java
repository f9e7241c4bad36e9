package io.tailrace.sink.core.runner;

import io.tailrace.config.Redaction;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpFailure;
import java.time.Duration;
import java.util.Optional;
import java.util.function.LongSupplier;

/**
 * Tells a target that refuses one record from one that refuses everything, such as a proxy or a
 * wrong path: that is a person's to mend, and no reason to give up on a single record. Safe for
 * many threads.
 */
final class Refusals {
  /** So many requests may be given up on before the target has accepted anything at all. */
  static final int MOST_UNPROVEN = 10;

  private static final Duration CHECK_HOLDS = Duration.ofSeconds(10);

  private final Sink sink;
  private final Redaction redaction;
  private final LongSupplier nanoTime;
  private volatile boolean proven;
  private int givenUp;
  private boolean checked;
  private long checkedAt;

  /**
   * @param nanoTime a monotonic clock
   */
  Refusals(Sink sink, Redaction redaction, LongSupplier nanoTime) {
    this.sink = sink;
    this.redaction = redaction;
    this.nanoTime = nanoTime;
  }

  /** The target has stored something: it is the right one. */
  void accepted() {
    proven = true;
  }

  /**
   * What is to be done instead of giving up on a batch of which the target takes nothing; empty
   * when it is really about the records.
   *
   * @param records how many it refuses
   * @param reason what it says of the last of them
   * @param asAWhole whether it refused the request: one that speaks of single records, such as that
   *     they are too old, is what it should be
   */
  synchronized Optional<Attempt.Outcome> doubt(int records, String reason, boolean asAWhole)
      throws InterruptedException {
    if (asAWhole && !proven && givenUp + records > MOST_UNPROVEN) {
      return Optional.of(
          stuck("the target refuses everything and has accepted nothing yet; the last: " + reason));
    }
    if (!(checked && nanoTime.getAsLong() - checkedAt < CHECK_HOLDS.toNanos())) {
      Optional<Attempt.Outcome> trouble = check(reason);
      if (trouble.isPresent()) {
        return trouble;
      }
      checked = true;
      checkedAt = nanoTime.getAsLong();
    }
    givenUp += asAWhole ? records : 0;
    return Optional.empty();
  }

  private Optional<Attempt.Outcome> check(String reason) throws InterruptedException {
    try {
      sink.check();
      return Optional.empty();
    } catch (InterruptedException e) {
      throw e;
    } catch (HttpFailure e) {
      return Optional.of(
          new Attempt.Outcome.Later(
              redaction.clean(String.valueOf(e.getMessage())), Optional.empty()));
    } catch (Exception e) {
      return Optional.of(
          stuck(
              "the target refuses a request (%s) and fails its check as well: %s"
                  .formatted(reason, e.getMessage())));
    }
  }

  private Attempt.Outcome stuck(String reason) {
    return new Attempt.Outcome.Stuck(redaction.clean(reason));
  }
}
