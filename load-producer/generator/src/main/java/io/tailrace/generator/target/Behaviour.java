package io.tailrace.generator.target;

import io.tailrace.config.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** How the target answers a request: set by its options, by a degradation, or by the query. */
public record Behaviour(
    LatencyDistribution latency,
    double errorPercent,
    int errorStatus,
    int status,
    int bodyBytes,
    double hangPercent,
    double resetPercent,
    long stallEveryNanos,
    long stallForNanos,
    long slowStartNanos,
    long slowStartLatencyNanos,
    long dripNanos,
    boolean endless) {

  /** Answers 200 with a few bytes, at once. */
  public static final Behaviour PROMPT =
      new Behaviour(LatencyDistribution.NONE, 0, 500, 200, 2, 0, 0, 0, 0, 0, 0, 0, false);

  /** What can be changed, by name. */
  static final List<String> PARAMETERS =
      List.of(
          "latency",
          "errors",
          "error-status",
          "status",
          "bytes",
          "hang",
          "reset",
          "stall-every",
          "stall-for",
          "slow-start",
          "slow-start-latency",
          "drip",
          "endless");

  private static final int MAX_BODY_BYTES = 64 << 20;

  /**
   * This behaviour with some parameters changed.
   *
   * @throws IllegalArgumentException naming every parameter that cannot be read
   */
  public Behaviour with(Iterable<Map.Entry<String, String>> parameters) {
    Change change = new Change(this);
    List<String> faults = new ArrayList<>();
    for (Map.Entry<String, String> parameter : parameters) {
      try {
        change.set(parameter.getKey(), parameter.getValue());
      } catch (IllegalArgumentException e) {
        faults.add(parameter.getKey() + "=" + parameter.getValue() + ": " + e.getMessage());
      }
    }
    if (change.stallForNanos > 0 && change.stallForNanos >= change.stallEveryNanos) {
      faults.add("stall-for: expected less than stall-every");
    }
    if (!faults.isEmpty()) {
      throw new IllegalArgumentException(String.join("\n", faults));
    }
    return change.done();
  }

  /** How long after the server's start a request that arrives at this moment may be answered. */
  long stallRemainingNanos(long sinceStartNanos) {
    if (stallForNanos == 0) {
      return 0;
    }
    long phase = sinceStartNanos % stallEveryNanos;
    // The stall is at the end of each period, so that a start is always healthy.
    return phase >= stallEveryNanos - stallForNanos ? stallEveryNanos - phase : 0;
  }

  /** What a cold start adds: all of it at first, less and less, then nothing. */
  long slowStartExtraNanos(long sinceStartNanos) {
    if (sinceStartNanos >= slowStartNanos) {
      return 0;
    }
    return (long) (slowStartLatencyNanos * (1 - (double) sinceStartNanos / slowStartNanos));
  }

  private static final class Change {
    private LatencyDistribution latency;
    private double errorPercent;
    private int errorStatus;
    private int status;
    private int bodyBytes;
    private double hangPercent;
    private double resetPercent;
    private long stallEveryNanos;
    private long stallForNanos;
    private long slowStartNanos;
    private long slowStartLatencyNanos;
    private long dripNanos;
    private boolean endless;

    Change(Behaviour from) {
      latency = from.latency;
      errorPercent = from.errorPercent;
      errorStatus = from.errorStatus;
      status = from.status;
      bodyBytes = from.bodyBytes;
      hangPercent = from.hangPercent;
      resetPercent = from.resetPercent;
      stallEveryNanos = from.stallEveryNanos;
      stallForNanos = from.stallForNanos;
      slowStartNanos = from.slowStartNanos;
      slowStartLatencyNanos = from.slowStartLatencyNanos;
      dripNanos = from.dripNanos;
      endless = from.endless;
    }

    void set(String name, String value) {
      switch (name) {
        case "latency" -> latency = LatencyDistribution.parse(value);
        case "errors" -> errorPercent = percent(value);
        case "error-status" -> errorStatus = whole(value, 100, 599);
        case "status" -> status = whole(value, 200, 599);
        case "bytes" -> bodyBytes = whole(value, 0, MAX_BODY_BYTES);
        case "hang" -> hangPercent = percent(value);
        case "reset" -> resetPercent = percent(value);
        case "stall-every" -> stallEveryNanos = Durations.parse(value).toNanos();
        case "stall-for" -> stallForNanos = Durations.parse(value).toNanos();
        case "slow-start" -> slowStartNanos = Durations.parse(value).toNanos();
        case "slow-start-latency" -> slowStartLatencyNanos = Durations.parse(value).toNanos();
        case "drip" -> dripNanos = Durations.parse(value).toNanos();
        case "endless" -> endless = truth(value);
        default ->
            throw new IllegalArgumentException("expected one of " + String.join(", ", PARAMETERS));
      }
    }

    Behaviour done() {
      return new Behaviour(
          latency,
          errorPercent,
          errorStatus,
          status,
          bodyBytes,
          hangPercent,
          resetPercent,
          stallEveryNanos,
          stallForNanos,
          slowStartNanos,
          slowStartLatencyNanos,
          dripNanos,
          endless);
    }

    private static double percent(String value) {
      String digits = value.endsWith("%") ? value.substring(0, value.length() - 1) : value;
      double percent;
      try {
        percent = Double.parseDouble(digits);
      } catch (NumberFormatException e) {
        percent = Double.NaN;
      }
      if (!(percent >= 0 && percent <= 100)) {
        throw new IllegalArgumentException("expected percent from 0 to 100");
      }
      return percent;
    }

    private static int whole(String value, int least, int most) {
      try {
        int number = Integer.parseInt(value);
        if (number >= least && number <= most) {
          return number;
        }
      } catch (NumberFormatException e) {
        // Said below, together with what is expected.
      }
      throw new IllegalArgumentException("expected a whole number from " + least + " to " + most);
    }

    private static boolean truth(String value) {
      return switch (value) {
        case "true", "" -> true;
        case "false" -> false;
        default -> throw new IllegalArgumentException("expected true or false");
      };
    }
  }
}
