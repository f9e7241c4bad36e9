package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.ErrorTable;
import io.tailrace.aggregator.window.LiveWindow;
import java.util.ArrayList;
import java.util.List;

/**
 * When the sums of closed windows are written: rarely, because between two times they can be made
 * again from the closed windows that are kept anyway.
 */
final class Checkpoint {
  private static final int CLOSED_WINDOWS = 10;

  private final StagedState state;
  private final StateKey key;
  private final ErrorTable errors;
  private final ByteWriter scratch = new ByteWriter(64 * 1024);
  private final List<byte[]> written = new ArrayList<>();
  private long micros = Tier.NEVER;
  private int closed;
  private boolean demanded;

  Checkpoint(StagedState state, StateKey key, ErrorTable errors) {
    this.state = state;
    this.key = key;
    this.errors = errors;
  }

  /** The sums hold all windows that had closed by then. */
  long micros() {
    return micros;
  }

  void restore(long atMicros) {
    micros = atMicros;
    state.scanStored(key.kind(StateKey.SUMMED), (entry, bytes) -> written.add(entry));
  }

  void countClosed() {
    closed++;
  }

  /** Says that the sums hold something that the kept windows do not tell. */
  void demand() {
    demanded = true;
  }

  void saveIfDue(Iterable<Tier> tiers, LiveWindow total) {
    if (!demanded && closed < CLOSED_WINDOWS) {
      return;
    }
    written.forEach(state::delete);
    written.clear();
    for (Tier tier : tiers) {
      if (tier.number == 0) {
        micros = tier.closedToMicros;
      } else {
        for (LiveWindow window : tier.open.values()) {
          byte[] at = key.of(StateKey.SUMMED, tier.number, window.startMicros());
          write(at, window);
          written.add(at);
        }
      }
    }
    // Changes only when a window of the widest width closes.
    if (total.isDirty()) {
      write(key.of(StateKey.TOTAL), total);
      total.saved();
    }
    closed = 0;
    demanded = false;
  }

  private void write(byte[] at, LiveWindow window) {
    scratch.clear();
    ChunkedValue value = new ChunkedValue();
    window.writeTo(scratch, errors, () -> value.takeFrom(scratch));
    state.put(at, value, scratch);
  }
}
