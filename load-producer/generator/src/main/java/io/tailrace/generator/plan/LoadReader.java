package io.tailrace.generator.plan;

import io.tailrace.config.OrderedSetting;
import io.tailrace.config.Settings;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/** Reads the {@code load:} block. */
final class LoadReader {

  private static final double MAX_RATE = 10_000_000;
  private static final Duration LONGEST = Duration.ofDays(30);
  private static final Duration DEFAULT_DURATION = Duration.ofSeconds(30);
  private static final int MAX_USERS = 1_000_000;

  private LoadReader() {}

  static Load read(Settings load) {
    long seed = load.wholeNumber("seed").or(1L);
    if (load.has("users")) {
      if (load.has("rate") || load.has("stages")) {
        load.refuse("users", "either users or a rate, not both");
      }
      load.declare("rate", "stages", "arrivals", "max_sessions");
      return closed(load, seed);
    }
    load.declare("users", "ramp_up", "think_time");
    return open(load, seed);
  }

  private static Load open(Settings load, long seed) {
    ArrivalPattern pattern =
        load.choice("arrivals", ArrivalPattern.class).or(ArrivalPattern.UNIFORM);
    int maxSessions = load.integer("max_sessions").between(1, MAX_USERS).or(100_000);
    List<Stage> stages = new ArrayList<>();
    if (load.has("stages")) {
      if (load.has("rate") || load.has("duration")) {
        load.refuse("stages", "either stages or rate and duration, not both");
      }
      load.declare("rate", "duration");
      double last = 0;
      for (Settings block : load.blocks("stages")) {
        Stage stage = stage(block, last);
        stages.add(stage);
        last = stage.toRate();
      }
    } else {
      double rate = rate(load.number("rate"));
      stages.add(Stage.constant(rate, duration(load)));
    }
    Schedule schedule = new Schedule(stages);
    // A rate that is no rate has been refused already.
    boolean refused = !load.has("stages") && stages.get(0).toRate() <= 0;
    if (schedule.arrivals() < 1 && !refused) {
      load.refuse(load.has("stages") ? "stages" : "rate", "at least one request in the whole run");
    }
    return new OpenLoad(schedule, pattern, seed, maxSessions);
  }

  private static double rate(OrderedSetting<Double> rate) {
    return rate.where(
            r -> r > 0 && r <= MAX_RATE, "requests a second, more than 0 and at most 10 million")
        .required();
  }

  private static Stage stage(Settings stage, double before) {
    long nanos = duration(stage);
    if (stage.has("rate")) {
      if (stage.has("from") || stage.has("to")) {
        stage.refuse("rate", "either rate or from and to, not both");
      }
      stage.declare("from", "to");
      double rate = boundedRate(stage, "rate", 0);
      return Stage.constant(rate, nanos);
    }
    stage.declare("rate");
    if (!stage.has("to")) {
      stage.refuse("rate", "requests a second, or a ramp's from and to");
    }
    return new Stage(boundedRate(stage, "from", before), boundedRate(stage, "to", before), nanos);
  }

  private static double boundedRate(Settings stage, String key, double otherwise) {
    return stage.number(key).between(0.0, MAX_RATE).or(otherwise);
  }

  private static long duration(Settings block) {
    Duration duration =
        block.duration("duration").between(Duration.ofMillis(1), LONGEST).or(DEFAULT_DURATION);
    return Math.max(1, duration.toNanos());
  }

  private static Load closed(Settings load, long seed) {
    int users = load.integer("users").between(1, MAX_USERS).required();
    long nanos = duration(load);
    long rampUp =
        load.duration("ramp_up")
            .between(Duration.ZERO, Duration.ofNanos(nanos))
            .or(Duration.ZERO)
            .toNanos();
    long least = 0;
    long most = 0;
    if (load.has("think_time.least") || isBlock(load)) {
      Settings think = load.block("think_time");
      least = think.duration("least").between(Duration.ZERO, LONGEST).required().toNanos();
      most = think.duration("most").between(Duration.ZERO, LONGEST).required().toNanos();
      if (most < least) {
        think.refuse("most", "at least as long as least");
        most = least;
      }
    } else {
      Duration fixed =
          load.duration("think_time").between(Duration.ZERO, LONGEST).or(Duration.ZERO);
      least = fixed.toNanos();
      most = least;
    }
    return new ClosedLoad(users, rampUp, least, most, nanos, seed);
  }

  private static boolean isBlock(Settings load) {
    return load.tree("think_time").filter(java.util.Map.class::isInstance).isPresent();
  }
}
