package io.tailrace.aggregator.sla;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveResult;
import io.tailrace.record.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Judges the objectives of one run on its windows, in the order in which these close. What it says
 * depends on nothing but that order: state saved and loaded at any point changes nothing.
 */
public final class RunJudge {
  /** Rules times series that are watched: beyond it, later series are not judged. */
  static final int MOST_PAIRS = 1_000_000;

  private static final int VERSION = 1;
  private static final int COUNTS = 0;
  private static final int SERIES = 1;

  private final List<PinnedRule> rules;
  private final Episodes episodes;
  private final List<@Nullable SeriesJudge> bySeries = new ArrayList<>();
  private final TreeMap<Integer, byte[]> unread = new TreeMap<>();
  private int pairs;
  private boolean dirty;

  private RunJudge(RunIdentity identity, List<PinnedRule> rules) {
    this.rules = List.copyOf(rules);
    episodes = new Episodes(identity);
  }

  /**
   * Judges these objectives from here on; those that say nothing judgeable are kept for the end.
   *
   * @param baseMicros the narrowest window there is
   */
  public static RunJudge pin(RunIdentity identity, List<Objective> objectives, long baseMicros) {
    RunJudge judge = new RunJudge(identity, understood(objectives, baseMicros));
    judge.dirty = true;
    return judge;
  }

  private static List<PinnedRule> understood(List<Objective> objectives, long baseMicros) {
    List<PinnedRule> rules = new ArrayList<>();
    for (Objective objective : objectives) {
      rules.add(PinnedRule.of(rules.size(), objective, baseMicros));
    }
    return rules;
  }

  /** Says when the run started, as far as is known now: ignored time is counted from there. */
  public void startAt(long micros) {
    episodes.startAt(micros);
  }

  /** The windows that any rule is judged over, in microseconds, without the whole run. */
  public NavigableSet<Long> windowsMicros() {
    NavigableSet<Long> windows = new TreeSet<>();
    for (PinnedRule pinned : rules) {
      if (pinned.rule != null && !pinned.rule.isOverRun()) {
        windows.add(pinned.rule.overMicros());
      }
    }
    return windows;
  }

  /**
   * Judges a window of one series that has closed, or closed again with a higher revision.
   *
   * @param number the series' number in its run: the same ever after
   */
  public void judge(int number, Series series, WindowView view, Consequences consequences) {
    if (!rules.isEmpty()) {
      episodes.tell(consequences);
      dirty = true;
      at(number, series).judge(view, episodes);
    }
  }

  /** Judges the rules over the whole run on what it came to. */
  public void judgeTotal(int number, Series series, WindowView total, Consequences consequences) {
    if (!rules.isEmpty()) {
      episodes.tell(consequences);
      dirty = true;
      at(number, series).judgeTotal(total, episodes);
    }
  }

  /** Closes all episodes that are still open: there will be no more windows. */
  public void end(long endMicros, Consequences consequences) {
    episodes.tell(consequences);
    for (SeriesJudge judge : bySeries) {
      if (judge != null) {
        judge.end(endMicros, episodes);
        dirty |= judge.isDirty();
      }
    }
  }

  /** What came of every objective so far. */
  public List<ObjectiveResult> results() {
    return Results.of(rules, bySeries);
  }

  /** Whether an objective has told the fleet to stop. */
  public boolean hasAborted() {
    return episodes.hasAborted();
  }

  private SeriesJudge at(int number, Series series) {
    while (bySeries.size() <= number) {
      bySeries.add(null);
    }
    SeriesJudge judge = bySeries.get(number);
    if (judge == null) {
      judge = new SeriesJudge(series, rules, MOST_PAIRS - pairs);
      pairs += judge.pairs();
      bySeries.set(number, judge);
      byte[] saved = unread.remove(number);
      if (saved != null) {
        judge.readFrom(new ByteReader(saved));
      }
    }
    return judge;
  }

  /** Where the state of a judge is kept, by part and number. */
  public interface Blocks {
    void put(int part, long number, ByteWriter block);

    byte @Nullable [] get(int part, long number);
  }

  /** Writes what changed since the last time. */
  public void save(Blocks blocks) {
    if (!dirty) {
      return;
    }
    ByteWriter counts = new ByteWriter(16 * rules.size() + 16);
    counts.writeByte(VERSION);
    counts.writeBoolean(episodes.hasAborted());
    counts.writeUnsigned(rules.size());
    rules.forEach(pinned -> pinned.writeTo(counts));
    counts.writeUnsigned(bySeries.size());
    for (int number = 0; number < bySeries.size(); number++) {
      SeriesJudge judge = bySeries.get(number);
      counts.writeBoolean(judge != null && !judge.watches().isEmpty());
      if (judge != null && judge.isDirty()) {
        ByteWriter watches = new ByteWriter(256);
        judge.writeTo(watches);
        blocks.put(SERIES, number, watches);
        judge.saved();
      }
    }
    blocks.put(COUNTS, 0, counts);
    dirty = false;
  }

  /**
   * A judge as it was saved; null when none was.
   *
   * @param objectives those it was pinned with
   * @param series those it had seen, by their numbers
   */
  public static @Nullable RunJudge load(
      RunIdentity identity,
      List<Objective> objectives,
      long baseMicros,
      List<Series> series,
      Blocks blocks) {
    byte[] saved = blocks.get(COUNTS, 0);
    if (saved == null) {
      return null;
    }
    RunJudge judge = new RunJudge(identity, understood(objectives, baseMicros));
    ByteReader counts = new ByteReader(saved);
    int version = counts.readByte();
    if (version != VERSION) {
      throw new IllegalStateException(
          "the state of objectives has version " + version + ", expected " + VERSION);
    }
    judge.episodes.setAborted(counts.readBoolean());
    long size = counts.readUnsigned();
    if (size != judge.rules.size()) {
      throw new IllegalStateException(
          "the state of " + size + " objectives, expected " + judge.rules.size());
    }
    judge.rules.forEach(pinned -> pinned.readFrom(counts));
    long numbers = counts.readUnsigned();
    for (int number = 0; number < numbers; number++) {
      byte[] watches = counts.readBoolean() ? blocks.get(SERIES, number) : null;
      if (watches != null) {
        judge.unread.put(number, watches);
      }
    }
    // In the order in which series were first seen, so that the bound falls on the same ones.
    for (int number = 0; number < Math.min(numbers, series.size()); number++) {
      judge.at(number, series.get(number));
    }
    return judge;
  }
}
