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
  /** So many records may be given up on before the target has accepted anything at all. */
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
   * What is to be done instead of giving up on the one record of a request that the target refuses;
   * empty when it is really about the record. A target that tells the records of a request apart,
   * and says of each what is wrong with it, needs no doubt.
   *
   * @param reason what it says
   */
  synchronized Optional<Attempt.Outcome> doubt(String reason) throws InterruptedException {
    if (!proven && givenUp >= MOST_UNPROVEN) {
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
    givenUp++;
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
