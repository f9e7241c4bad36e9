package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.SeriesCell;

/** Takes what closed windows say. */
interface Publisher {
  /** One series of a window that has closed, under this revision. */
  void publish(LiveWindow window, int series, SeriesCell cell, int revision, boolean supplement);

  /** Sets what a window says of the nodes' health. */
  void noteHealth(LiveWindow window);

  /** Whether a late window still waits for somebody who sent something for it. */
  boolean holdsUp(LiveWindow late);
}
