package io.tailrace.sink.core.runner;

import io.tailrace.config.Redaction;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.sink.core.Delivery;
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
    /** Settled: so many items are in the target, so many in the dead letters, the rest nowhere. */
    record Settled(int delivered, int deadLettered, int leftOut) implements Outcome {}

    record Split() implements Outcome {}

    record Later(String reason, Optional<Duration> after) implements Outcome {}

    record Stuck(String reason) implements Outcome {}
  }

  private final Sink sink;
  private final RecordDecoder decoder;
  private final SeriesBudget budget;
  private final Refusals refusals;
  private final DeadLetters deadLetters;
  private final Redaction redaction;

  Attempt(
      Sink sink,
      RecordDecoder decoder,
      SeriesBudget budget,
      Refusals refusals,
      DeadLetters deadLetters,
      Redaction redaction) {
    this.sink = sink;
    this.decoder = decoder;
    this.budget = budget;
    this.refusals = refusals;
    this.deadLetters = deadLetters;
    this.redaction = redaction;
  }

  Outcome make(Part part) throws InterruptedException {
    try {
      part.decode(decoder, budget);
      if (part.isRecalled()) {
        if (sink instanceof Recalling recalling && !part.items().isEmpty()) {
          recalling.recall(part.items());
        }
        return new Outcome.Settled(0, 0, 0);
      }
      return part.items().isEmpty() ? settled(part, List.of()) : deliver(part);
    } catch (RegistryUnavailable | IOException e) {
      return new Outcome.Later(redaction.clean(reason(e)), Optional.empty());
    }
  }

  private Outcome deliver(Part part) throws IOException, InterruptedException {
    try {
      return settle(part, sink.deliver(part.items()));
    } catch (HttpRefused e) {
      return new Outcome.Stuck(redaction.clean(reason(e)));
    } catch (IOException | InterruptedException e) {
      throw e;
    } catch (Exception e) {
      // Not the target's trouble but an item the sink cannot cope with: find it, set it aside.
      return part.items().size() > 1
          ? new Outcome.Split()
          : settled(part, List.of(new Delivery.Rejection(0, reason(e))));
    }
  }

  private Outcome settle(Part part, Delivery delivery) throws IOException, InterruptedException {
    if (delivery instanceof Delivery.Retry retry) {
      return new Outcome.Later(redaction.clean(retry.reason()), retry.after());
    }
    if (delivery instanceof Delivery.Misconfigured misconfigured) {
      return new Outcome.Stuck(redaction.clean(misconfigured.reason()));
    }
    if (delivery instanceof Delivery.Rejected rejected) {
      return part.items().size() > 1 ? new Outcome.Split() : giveUp(part, rejected.reason());
    }
    List<Delivery.Rejection> rejections =
        delivery instanceof Delivery.PartlyRejected partly ? partly.rejections() : List.of();
    if (rejections.size() < part.items().size()) {
      refusals.accepted();
    }
    return settled(part, rejections);
  }

  /** Sets aside the one record of a request that is refused, unless the target is to blame. */
  private Outcome giveUp(Part part, String reason) throws IOException, InterruptedException {
    Optional<Outcome> doubt = refusals.doubt(reason);
    return doubt.isPresent()
        ? doubt.get()
        : settled(part, List.of(new Delivery.Rejection(0, reason)));
  }

  private Outcome settled(Part part, List<Delivery.Rejection> rejections)
      throws IOException, InterruptedException {
    List<DeadLetters.Poison> poison = new ArrayList<>(part.poison());
    for (Delivery.Rejection each : rejections) {
      poison.add(rejected(part, each.index(), each.reason()));
    }
    deadLetters.write(poison);
    return new Outcome.Settled(
        part.items().size() - rejections.size(), poison.size(), part.leftOut());
  }

  private DeadLetters.Poison rejected(Part part, int index, String reason) {
    return new DeadLetters.Poison(
        part.recordOf(part.items().get(index)), "rejected", redaction.clean(reason));
  }

  private static String reason(Exception e) {
    return e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
  }
}
