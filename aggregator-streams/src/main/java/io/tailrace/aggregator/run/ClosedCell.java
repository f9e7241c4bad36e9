package io.tailrace.aggregator.run;

import io.tailrace.aggregator.sla.WindowView;
import io.tailrace.aggregator.window.CellMeasurements;
import io.tailrace.aggregator.window.CellTimes;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.aggregator.window.SeriesCell;
import io.tailrace.aggregator.window.WindowFacts;

/** One series of a window that has closed, as objectives look at it. */
final class ClosedCell extends CellMeasurements implements WindowView {
  private final WindowFacts facts;
  private final int revision;

  ClosedCell(WindowFacts facts, LiveWindow window, SeriesCell cell, CellTimes times, int revision) {
    super(window, cell, times, facts.coveredMicros());
    this.facts = facts;
    this.revision = revision;
  }

  @Override
  public long windowStartMicros() {
    return facts.startMicros();
  }

  @Override
  public long windowMicros() {
    return facts.widthMicros();
  }

  @Override
  public int revision() {
    return revision;
  }

  @Override
  public boolean complete() {
    return facts.complete();
  }
}
