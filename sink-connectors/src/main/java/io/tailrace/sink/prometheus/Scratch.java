package io.tailrace.sink.prometheus;

/** What the time series of a run use in turn, so that none needs its own. Not thread-safe. */
record Scratch(FrameReader frames, ContentsBytes contents, HistogramWriter histograms) {
  Scratch() {
    this(new FrameReader(), new ContentsBytes(), new HistogramWriter());
  }
}
