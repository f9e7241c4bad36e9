package io.tailrace.wire;

import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeHealth;
import io.tailrace.record.NodeLeft;
import io.tailrace.record.Outcome;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Batches of every shape that the schema allows, with numbers of every length and names of every
 * script.
 */
final class RandomBatches {
  private static final String[] PIECES = {
    "", "a", "GET /items/{id}", "ü", "数据", "🚀", "\u0000", " ", "x".repeat(300), "é".repeat(70)
  };
  private static final int MOST_SAMPLES = 300;

  private final Random random;

  RandomBatches(Random random) {
    this.random = random;
  }

  SampleBatch next() {
    List<Series> series = new ArrayList<>();
    for (int i = random.nextInt(5); i > 0; i--) {
      series.add(new Series(text(), text(), text(), tags()));
    }
    List<Outcome> outcomes = new ArrayList<>();
    for (int i = series.isEmpty() ? 0 : random.nextInt(8); i > 0; i--) {
      outcomes.add(
          new Outcome(
              random.nextInt(series.size()),
              (int) number(),
              random.nextBoolean() ? null : text(),
              number(),
              number()));
    }
    int samples = outcomes.isEmpty() ? 0 : random.nextInt(MOST_SAMPLES);
    List<Integer> outcome = new ArrayList<>();
    for (int i = 0; i < samples; i++) {
      outcome.add(random.nextInt(outcomes.size()));
    }
    return SampleBatch.newBuilder()
        .setRun(text())
        .setNode(text())
        .setEpochMicros(number())
        .setSequence(number())
        .setPublishedBefore(number())
        .setDroppedSamples(number())
        .setSentMicros(number())
        .setWatermarkMicros(number())
        .setJoined(random.nextInt(4) == 0 ? description() : null)
        .setLeft(random.nextInt(4) == 0 ? new NodeLeft(LeaveReason.ABORTED, text()) : null)
        .setHealth(
            random.nextBoolean()
                ? new NodeHealth((int) number(), random.nextDouble(), random.nextGaussian())
                : null)
        .setSeries(series)
        .setOutcomes(outcomes)
        .setBaseMicros(number())
        .setOutcome(outcome)
        .setEndMicros(column(samples, true))
        .setLatencyMicros(column(samples, true))
        .setDelayMicros(column(samples, false))
        .setBodyMicros(column(samples, false))
        .setConnectMicros(column(samples, false))
        .setBytesSent(column(samples, false))
        .setBytesReceived(column(samples, false))
        .build();
  }

  private RunDescription description() {
    return new RunDescription(
        text(),
        text(),
        text(),
        tags(),
        RunMode.REPLAY,
        maybe(),
        maybe(),
        random.nextInt(),
        maybe(),
        List.of(),
        maybe());
  }

  private List<Long> column(int samples, boolean required) {
    LongSupplier width = width();
    List<Long> column = new ArrayList<>();
    if (required || random.nextInt(3) > 0) {
      for (int i = 0; i < samples; i++) {
        column.add(width.getAsLong());
      }
    }
    return column;
  }

  /** Numbers of one byte, of one or two, of one to three, and of any number of bytes. */
  private LongSupplier width() {
    return switch (random.nextInt(5)) {
      case 0 -> () -> random.nextInt(128) - 64;
      case 1 -> () -> random.nextInt(300) - 150;
      case 2 -> () -> random.nextInt(100_000) - 5;
      default -> this::number;
    };
  }

  /** As likely of one bit as of sixty-four. */
  long number() {
    return random.nextLong() >> random.nextInt(Long.SIZE);
  }

  String text() {
    return PIECES[random.nextInt(PIECES.length)] + PIECES[random.nextInt(PIECES.length)];
  }

  @Nullable String maybe() {
    return random.nextBoolean() ? null : text();
  }

  Map<String, String> tags() {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      tags.put(text(), text());
    }
    return tags;
  }
}
