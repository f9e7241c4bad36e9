package io.tailrace.aggregator.sla;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.objective.Rule;

/**
 * Watches one rule on one series. The outcomes of the last 64 windows are kept as bits, with the
 * course that led up to them, so that a corrected window can be judged again: the course is then
 * run once more from there, and what differs is said.
 */
final class Watch {
  /** What a judged window came to. */
  enum Change {
    NONE,
    OPENED,
    WORSE,
    RESOLVED,
    /** It opened and was resolved again, both in windows that had passed. */
    OPENED_AND_RESOLVED,
    /** A correction took away what the last episode was opened for. */
    RETRACTED
  }

  // A record for every quarter that it gets worse: a handful until it is ten times as bad.
  private static final double WORSE_STEP = 1.25;
  private static final int RING = Long.SIZE;

  private final Course before = new Course();
  private final Course now = new Course();
  private long newest;
  private long judgedBits;
  private long brokenBits;

  int episodes;
  int retracted;
  int sequence;
  long brokenWindows;
  long episodeWindows;
  long episodeSinceMicros;
  long firstFailedMicros;
  double worst;
  double reported;

  boolean isOpen() {
    return now.isOpen();
  }

  /** Whether a window that holds changes nothing. */
  boolean isQuiet() {
    return now.phase == Course.Phase.OK && brokenBits == 0;
  }

  Course.Phase phase() {
    return now.phase;
  }

  /** How many episodes stand. */
  int standing() {
    return episodes - retracted;
  }

  /** Takes the outcome of a window, be it new or corrected. */
  Change judge(Rule rule, long startMicros, boolean broken, double value) {
    long index = Math.floorDiv(startMicros, rule.overMicros());
    boolean wasOpen = now.isOpen();
    boolean starts = now.phase == Course.Phase.OK;
    Change change;
    if (judgedBits == 0 || index > newest) {
      int openings = now.openings;
      append(rule, index, broken);
      change = forward(wasOpen, now.openings > openings);
    } else if (newest - index < RING) {
      change = correct(rule, index, broken, wasOpen);
    } else {
      // Corrections reach back less than that; without the outcomes since there is no course.
      return Change.NONE;
    }
    return broken ? noteValue(rule, value, starts, change) : change;
  }

  private Change forward(boolean wasOpen, boolean opened) {
    if (opened) {
      return Change.OPENED;
    }
    return wasOpen && !now.isOpen() ? Change.RESOLVED : Change.NONE;
  }

  private void append(Rule rule, long index, boolean broken) {
    if (judgedBits == 0) {
      newest = index;
    }
    long shift = index - newest;
    for (int age = RING - 1; age >= Math.max(0, RING - shift); age--) {
      step(before, rule, age);
    }
    judgedBits = (shift >= RING ? 0 : judgedBits << shift) | 1;
    brokenBits = (shift >= RING ? 0 : brokenBits << shift) | (broken ? 1 : 0);
    newest = index;
    if (broken) {
      brokenWindows++;
      episodeWindows = now.phase == Course.Phase.OK ? 1 : episodeWindows + 1;
    }
    step(now, rule, 0);
    if (isQuiet()) {
      settle();
    }
  }

  /** Forgets outcomes that nothing depends on, so that memory and state are the same. */
  private void settle() {
    judgedBits = 0;
    newest = 0;
    int openings = now.openings;
    before.reset();
    now.reset();
    before.openings = openings;
    now.openings = openings;
  }

  private void step(Course course, Rule rule, int age) {
    if ((judgedBits >>> age & 1) != 0) {
      long start = (newest - age) * rule.overMicros();
      course.apply(
          start,
          start + rule.overMicros(),
          (brokenBits >>> age & 1) != 0,
          rule.forMicros(),
          rule.recoverMicros());
    }
  }

  private Change correct(Rule rule, long index, boolean broken, boolean wasOpen) {
    long bit = 1L << (newest - index);
    boolean wasBroken = (brokenBits & bit) != 0;
    boolean wasJudged = (judgedBits & bit) != 0;
    if (wasJudged && wasBroken == broken) {
      return Change.NONE;
    }
    judgedBits |= bit;
    brokenBits = broken ? brokenBits | bit : brokenBits & ~bit;
    int difference = (broken ? 1 : 0) - (wasBroken ? 1 : 0);
    brokenWindows += difference;
    episodeWindows = Math.max(broken ? 1 : 0, episodeWindows + difference);
    int openings = now.openings;
    now.set(before);
    for (int age = RING - 1; age >= 0; age--) {
      step(now, rule, age);
    }
    return reconcile(wasOpen, now.openings - openings);
  }

  private Change reconcile(boolean wasOpen, int more) {
    boolean isOpen = now.isOpen();
    if (wasOpen && isOpen) {
      return Change.NONE;
    }
    if (isOpen) {
      return Change.OPENED;
    }
    if (wasOpen) {
      return more < 0 ? Change.RETRACTED : Change.RESOLVED;
    }
    if (more > 0) {
      return Change.OPENED_AND_RESOLVED;
    }
    return more < 0 ? Change.RETRACTED : Change.NONE;
  }

  private Change noteValue(Rule rule, double value, boolean starts, Change change) {
    var condition = rule.condition();
    if (starts || condition.relation().isWorse(value, worst, condition.threshold())) {
      worst = value;
    }
    boolean opens = change == Change.OPENED || change == Change.OPENED_AND_RESOLVED;
    return !opens && isOpen() && isWorseByStep(rule, value) ? Change.WORSE : change;
  }

  boolean isWorseByStep(Rule rule, double value) {
    double threshold = rule.condition().threshold();
    return switch (rule.condition().relation()) {
      case BELOW, AT_MOST -> value > reported && value >= reported * WORSE_STEP;
      case ABOVE, AT_LEAST -> value < reported && value <= reported / WORSE_STEP;
      case EQUAL ->
          Math.abs(value - threshold) > Math.abs(reported - threshold)
              && Math.abs(value - threshold) >= WORSE_STEP * Math.abs(reported - threshold);
      case UNEQUAL -> false;
    };
  }

  /** Start of the streak that made it fire. */
  long brokenSinceMicros() {
    return now.brokenSinceMicros;
  }

  /** Opens or closes by decision of somebody who needs no windows. */
  void force(boolean open, long sinceMicros) {
    settle();
    brokenBits = 0;
    now.phase = open ? Course.Phase.FIRING : Course.Phase.OK;
    now.brokenSinceMicros = open ? sinceMicros : 0;
  }

  void writeTo(ByteWriter state) {
    before.writeTo(state);
    now.writeTo(state);
    state.writeLong(newest);
    state.writeUnsigned(judgedBits);
    state.writeUnsigned(brokenBits);
    state.writeUnsigned(episodes);
    state.writeUnsigned(retracted);
    state.writeUnsigned(sequence);
    state.writeUnsigned(brokenWindows);
    state.writeUnsigned(episodeWindows);
    state.writeLong(episodeSinceMicros);
    state.writeLong(firstFailedMicros);
    state.writeDouble(worst);
    state.writeDouble(reported);
  }

  static Watch readFrom(ByteReader state) {
    Watch watch = new Watch();
    watch.before.readFrom(state);
    watch.now.readFrom(state);
    watch.newest = state.readLong();
    watch.judgedBits = state.readUnsigned();
    watch.brokenBits = state.readUnsigned();
    watch.episodes = (int) state.readUnsigned();
    watch.retracted = (int) state.readUnsigned();
    watch.sequence = (int) state.readUnsigned();
    watch.brokenWindows = state.readUnsigned();
    watch.episodeWindows = state.readUnsigned();
    watch.episodeSinceMicros = state.readLong();
    watch.firstFailedMicros = state.readLong();
    watch.worst = state.readDouble();
    watch.reported = state.readDouble();
    return watch;
  }
}
