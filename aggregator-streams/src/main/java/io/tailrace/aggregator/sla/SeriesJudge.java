package io.tailrace.aggregator.sla;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.objective.Metric;
import io.tailrace.objective.Rule;
import io.tailrace.record.Series;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The rules that are about one series, matched once and grouped by the window they are judged over,
 * so that a window costs one look at each metric and one comparison for each rule.
 */
final class SeriesJudge {
  private final Series series;
  private final Map<Long, Group> groups = new LinkedHashMap<>();
  private final Map<Integer, Watch> watches = new LinkedHashMap<>();
  private int pairs;
  private boolean dirty;

  /** Rules over the same window. */
  private static final class Group {
    final List<Metric> metrics = new ArrayList<>();
    PinnedRule[] rules = new PinnedRule[0];
    Rule[] understood = new Rule[0];
    int[] metricOf = new int[0];
    @Nullable Watch[] watches = new Watch[0];
    double[] values = new double[0];
  }

  SeriesJudge(Series series, List<PinnedRule> rules, int mostPairs) {
    this.series = series;
    Map<Long, List<PinnedRule>> byWindow = new LinkedHashMap<>();
    for (PinnedRule pinned : rules) {
      Rule rule = pinned.rule;
      if (rule != null && rule.series().matches(series)) {
        if (pairs < mostPairs) {
          byWindow.computeIfAbsent(rule.overMicros(), over -> new ArrayList<>()).add(pinned);
          pairs++;
        } else {
          pinned.turnAway();
        }
      }
    }
    byWindow.forEach((over, same) -> groups.put(over, group(same)));
  }

  private static Group group(List<PinnedRule> rules) {
    Group group = new Group();
    int size = rules.size();
    group.rules = rules.toArray(PinnedRule[]::new);
    group.understood = new Rule[size];
    group.metricOf = new int[size];
    group.watches = new Watch[size];
    Map<Metric, Integer> metrics = new LinkedHashMap<>();
    for (int i = 0; i < size; i++) {
      Rule rule = rules.get(i).rule;
      if (rule == null) {
        throw new IllegalArgumentException(
            "an objective that is not understood: " + rules.get(i).fault);
      }
      group.understood[i] = rule;
      group.metricOf[i] =
          metrics.computeIfAbsent(rule.condition().metric(), metric -> metrics.size());
    }
    group.metrics.addAll(metrics.keySet());
    group.values = new double[metrics.size()];
    return group;
  }

  Series series() {
    return series;
  }

  /** How many rules are about this series. */
  int pairs() {
    return pairs;
  }

  boolean isDirty() {
    return dirty;
  }

  void saved() {
    dirty = false;
  }

  Map<Integer, Watch> watches() {
    return watches;
  }

  /** Judges every rule over a window of this width. */
  void judge(WindowView view, Episodes episodes) {
    Group group = groups.get(view.windowMicros());
    if (group == null) {
      return;
    }
    measure(group, view);
    long start = view.windowStartMicros();
    for (int i = 0; i < group.rules.length; i++) {
      Rule rule = group.understood[i];
      double value = group.values[group.metricOf[i]];
      boolean ignored = start < episodes.startMicros() + rule.ignoreMicros();
      if (ignored && rule.ignoreMicros() > 0) {
        continue;
      }
      PinnedRule pinned = group.rules[i];
      if (!pinned.admits(rule, view, value)) {
        continue;
      }
      boolean broken = !rule.condition().holds(value);
      Watch watch = group.watches[i];
      if (!broken && (watch == null || watch.isQuiet())) {
        continue;
      }
      if (watch == null) {
        watch = new Watch();
        group.watches[i] = watch;
        watches.put(pinned.number, watch);
      }
      dirty = true;
      episodes.follow(watch, pinned, rule, series, view, broken, value);
    }
  }

  /** Judges the rules over the whole run. */
  void judgeTotal(WindowView total, Episodes episodes) {
    Group group = groups.get(Rule.WHOLE_RUN);
    if (group == null) {
      return;
    }
    measure(group, total);
    for (int i = 0; i < group.rules.length; i++) {
      Rule rule = group.understood[i];
      double value = group.values[group.metricOf[i]];
      if (!group.rules[i].admits(rule, total, value)) {
        continue;
      }
      boolean broken = !rule.condition().holds(value);
      Watch watch = group.watches[i];
      if (watch == null) {
        if (!broken) {
          continue;
        }
        watch = new Watch();
        group.watches[i] = watch;
        watches.put(group.rules[i].number, watch);
      }
      dirty = true;
      episodes.conclude(watch, group.rules[i], rule, series, total, broken, value);
    }
  }

  /** Closes the episodes that the run's end cut short. */
  void end(long endMicros, Episodes episodes) {
    for (Group group : groups.values()) {
      for (int i = 0; i < group.rules.length; i++) {
        Watch watch = group.watches[i];
        if (watch != null && !group.understood[i].isOverRun() && watch.isOpen()) {
          dirty = true;
          episodes.cutShort(watch, group.rules[i], group.understood[i], series, endMicros);
        }
      }
    }
  }

  private static void measure(Group group, WindowView view) {
    for (int i = 0; i < group.values.length; i++) {
      group.values[i] = group.metrics.get(i).of(view);
    }
  }

  void writeTo(ByteWriter state) {
    state.writeUnsigned(watches.size());
    watches.forEach(
        (rule, watch) -> {
          state.writeUnsigned(rule);
          watch.writeTo(state);
        });
  }

  void readFrom(ByteReader state) {
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      watches.put((int) state.readUnsigned(), Watch.readFrom(state));
    }
    for (Group group : groups.values()) {
      for (int i = 0; i < group.rules.length; i++) {
        group.watches[i] = watches.get(group.rules[i].number);
      }
    }
  }
}
