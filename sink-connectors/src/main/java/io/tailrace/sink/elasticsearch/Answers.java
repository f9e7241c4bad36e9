package io.tailrace.sink.elasticsearch;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.elasticsearch.BulkAnswer.Kind;
import io.tailrace.sink.elasticsearch.BulkAnswer.Refusal;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * What became of the items of one partition's batch, over the attempts at it. One thread at a time:
 * a partition has one attempt under way.
 */
final class Answers {
  /** By offset; an item that is stored has no refusal. */
  private final Map<Long, Optional<Refusal>> answers = new HashMap<>();

  /** Forgets what is not in the batch: an earlier one that was never finished here. */
  void begin(List<Item> batch) {
    long first = offset(batch.get(0));
    long last = offset(batch.get(batch.size() - 1));
    answers.keySet().removeIf(offset -> offset < first || offset > last);
  }

  boolean isFinal(Item item) {
    Optional<Refusal> answer = answers.get(offset(item));
    return answer != null && (answer.isEmpty() || answer.get().kind() == Kind.REJECTED);
  }

  /**
   * @param sent consecutive items, those that are final among them
   * @param first the number of the first of them in the batch
   */
  void note(List<Item> sent, int first, BulkAnswer answer) {
    for (int i = 0; i < sent.size(); i++) {
      if (!isFinal(sent.get(i))) {
        answers.put(offset(sent.get(i)), Optional.ofNullable(answer.refusals().get(first + i)));
      }
    }
  }

  Delivery delivery(List<Item> batch) {
    List<Delivery.Rejection> rejections = new ArrayList<>();
    Refusal gravest = null;
    for (int i = 0; i < batch.size(); i++) {
      Optional<Refusal> answer = answers.getOrDefault(offset(batch.get(i)), Optional.empty());
      if (answer.isEmpty()) {
        continue;
      }
      Refusal refusal = answer.get();
      if (refusal.kind() == Kind.REJECTED) {
        rejections.add(new Delivery.Rejection(i, refusal.reason()));
      } else if (gravest == null || refusal.kind().compareTo(gravest.kind()) > 0) {
        gravest = refusal;
      }
    }
    if (gravest != null) {
      return gravest.kind() == Kind.RETRY
          ? Delivery.retry(gravest.reason())
          : new Delivery.Misconfigured(gravest.reason());
    }
    return rejections.isEmpty() ? Delivery.accepted() : new Delivery.PartlyRejected(rejections);
  }

  private static long offset(Item item) {
    return item.origin().offset();
  }
}
