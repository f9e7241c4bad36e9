package io.tailrace.sink.prometheus;

import io.tailrace.histogram.HistogramCells;
import java.nio.ByteBuffer;
import java.util.Arrays;

/**
 * Reads frames into cells and keeps the last few: what is looked at before anything is counted is
 * counted a moment later. Not thread-safe.
 */
final class FrameReader {
  private static final int KEPT = 4;
  private static final ByteBuffer NONE = ByteBuffer.allocate(0);

  private final HistogramCells[] cells = new HistogramCells[KEPT];
  private final ByteBuffer[] frames = new ByteBuffer[KEPT];
  private int next;

  FrameReader() {
    Arrays.setAll(cells, unused -> new HistogramCells());
    Arrays.fill(frames, NONE);
  }

  /** Good until as many others have been read as are kept; a frame is known by its object. */
  @SuppressWarnings("ReferenceEquality") // What is in it would have to be compared byte by byte.
  HistogramCells read(ByteBuffer frame) {
    for (int i = 0; i < KEPT; i++) {
      if (frames[i] == frame) {
        return cells[i];
      }
    }
    int at = next;
    next = (next + 1) % KEPT;
    frames[at] = NONE;
    cells[at].read(frame);
    frames[at] = frame;
    return cells[at];
  }
}
