package io.tailrace.aggregator.run;

import java.util.List;

/**
 * The rules by which runs are aggregated; all spans in microseconds.
 *
 * @param widthsMicros the windows' widths: the base first, each a multiple of the one before
 * @param silentAfterMicros how long a node may say nothing before it is held to be gone
 * @param holdMicros how long windows wait for expected nodes that have not joined, once
 * @param reopenMicros for how long a closed window is re-opened by late samples
 * @param skewMicros by how much a node's clock may be off before it is corrected
 * @param lateMicros how late a node's first batch may be before its clock is held to be behind
 * @param earlyMicros how long before its run a sample may have ended
 * @param rememberMicros for how long an ended run is remembered
 * @param mostSeries series of a run; samples of further ones are counted under one name
 * @param mostOpenWindows base windows of a run that may be open; the oldest is closed for the next
 * @param mostOpenWeight roughly the bytes of a run's open windows; likewise
 * @param mostRetainedWeight roughly the bytes of a run's closed windows that can be re-opened
 * @param mostLives lives of nodes of a run
 */
public record RunRules(
    List<Long> widthsMicros,
    long silentAfterMicros,
    long holdMicros,
    long reopenMicros,
    long skewMicros,
    long lateMicros,
    long earlyMicros,
    long rememberMicros,
    int mostSeries,
    int mostOpenWindows,
    long mostOpenWeight,
    long mostRetainedWeight,
    int mostLives) {
  private static final long SECOND = 1_000_000;
  private static final long MEBIBYTE = 1 << 20;

  public RunRules {
    widthsMicros = List.copyOf(widthsMicros);
    if (widthsMicros.isEmpty() || widthsMicros.get(0) <= 0) {
      throw new IllegalArgumentException(
          "windows " + widthsMicros + ", expected at least one, longer than nothing");
    }
    for (int i = 1; i < widthsMicros.size(); i++) {
      long width = widthsMicros.get(i);
      long finer = widthsMicros.get(i - 1);
      if (width <= finer || width % finer != 0) {
        throw new IllegalArgumentException(
            "a window of " + width + " us, expected a multiple of the " + finer + " us before it");
      }
    }
  }

  /** What holds when nothing else is said. */
  public static RunRules defaults() {
    return new RunRules(
        List.of(SECOND, 10 * SECOND, 60 * SECOND),
        10 * SECOND,
        10 * SECOND,
        60 * SECOND,
        2 * SECOND,
        30 * SECOND,
        3600 * SECOND,
        3600 * SECOND,
        2_000,
        300,
        256 * MEBIBYTE,
        64 * MEBIBYTE,
        10_000);
  }

  public long baseMicros() {
    return widthsMicros.get(0);
  }

  /**
   * What to add to a node's times, by its first batch. Nothing arrives before it is sent, so a
   * clock that is ahead gives itself away; one that is behind looks like a batch that is late.
   */
  long correctionMicros(long appendMicros, long sentMicros) {
    long behind = appendMicros - sentMicros;
    return behind < -skewMicros || behind > Math.max(skewMicros, lateMicros) ? behind : 0;
  }

  public RunRules withWidths(List<Long> widths) {
    return new RunRules(
        widths,
        silentAfterMicros,
        holdMicros,
        reopenMicros,
        skewMicros,
        lateMicros,
        earlyMicros,
        rememberMicros,
        mostSeries,
        mostOpenWindows,
        mostOpenWeight,
        mostRetainedWeight,
        mostLives);
  }
}
