package io.tailrace.sink.core.runner;

import io.tailrace.config.Redaction;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Recalling;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpRefused;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** One attempt on a worker thread: decode, deliver, and write the dead letters it calls for. */
final class Attempt {
  /** What the lane has to do next. */
  sealed interface Outcome {
    /** Settled: so many items are in the target, so many in the dead letters. */
    record Settled(int delivered, int deadLettered) implements Outcome {}

    record Split() implements Outcome {}

    record Later(String reason, Optional<Duration> after) implements Outcome {}

    record Stuck(String reason) implements Outcome {}
  }

  private final Sink sink;
  private final RecordDecoder decoder;
  private final DeadLetters deadLetters;
  private final Redaction redaction;

  Attempt(Sink sink, RecordDecoder decoder, DeadLetters deadLetters, Redaction redaction) {
    this.sink = sink;
    this.decoder = decoder;
    this.deadLetters = deadLetters;
    this.redaction = redaction;
  }

  Outcome make(Part part) throws InterruptedException {
    try {
      part.decode(decoder);
      if (part.isRecalled()) {
        if (sink instanceof Recalling recalling && !part.items().isEmpty()) {
          recalling.recall(part.items());
        }
        return new Outcome.Settled(0, 0);
      }
      return settle(part, deliver(part.items()));
    } catch (RegistryUnavailable | IOException e) {
      return new Outcome.Later(redaction.clean(reason(e)), Optional.empty());
    }
  }

  private Delivery deliver(List<Item> items) throws IOException, InterruptedException {
    if (items.isEmpty()) {
      return Delivery.accepted();
    }
    try {
      return sink.deliver(items);
    } catch (HttpRefused e) {
      return new Delivery.Misconfigured(reason(e));
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // Not the target's trouble but an item the sink cannot cope with: find it, set it aside.
      return new Delivery.Rejected(reason(e));
    }
  }

  private Outcome settle(Part part, Delivery delivery) throws IOException, InterruptedException {
    List<DeadLetters.Poison> poison = new ArrayList<>(part.poison());
    if (delivery instanceof Delivery.Retry retry) {
      return new Outcome.Later(redaction.clean(retry.reason()), retry.after());
    }
    if (delivery instanceof Delivery.Misconfigured misconfigured) {
      return new Outcome.Stuck(redaction.clean(misconfigured.reason()));
    }
    if (delivery instanceof Delivery.Rejected rejected) {
      if (part.items().size() > 1) {
        return new Outcome.Split();
      }
      poison.add(rejected(part, 0, rejected.reason()));
    } else if (delivery instanceof Delivery.PartlyRejected partly) {
      for (Delivery.Rejection each : partly.rejections()) {
        poison.add(rejected(part, each.index(), each.reason()));
      }
    }
    deadLetters.write(poison);
    int rejected = poison.size() - part.poison().size();
    return new Outcome.Settled(part.items().size() - rejected, poison.size());
  }

  private DeadLetters.Poison rejected(Part part, int index, String reason) {
    return new DeadLetters.Poison(
        part.recordOf(part.items().get(index)), "rejected", redaction.clean(reason));
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
