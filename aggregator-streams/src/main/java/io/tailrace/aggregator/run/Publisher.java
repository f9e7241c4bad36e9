package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.WindowFacts;
import java.util.NavigableSet;

/** Takes what closed windows say. */
interface Publisher {
  /** What is the same for all series of a window that closes now; asked for once a window. */
  WindowFacts facts(LiveWindow window, boolean supplement);

  /** One series of a window that has closed, under this revision. */
  void publish(WindowFacts facts, LiveWindow window, int series, SeriesCell cell, int revision);

  /** Judges one series of a window that is not published. */
  void judge(WindowFacts facts, LiveWindow window, int series, SeriesCell cell, int revision);

  /** Notes that a window of this width could not be judged: its parts are no longer kept. */
  void noteUnjudged(long widthMicros);

  /** The widths of such windows: multiples of the base up to the widest. */
  NavigableSet<Long> judgedWidthsMicros();

  /** Sets what a window says of the nodes' health. */
  void noteHealth(LiveWindow window);

  /** Whether a late window still waits for somebody who sent something for it. */
  boolean holdsUp(LiveWindow late);
}
