package io.tailrace.aggregator.sla;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;

/** How one rule stands with one series, by nothing but which windows held and which did not. */
final class Course {
  enum Phase {
    OK('O'),
    PENDING('P'),
    FIRING('F'),
    RECOVERING('R');

    // As it stands in saved state.
    private final char code;

    Phase(char code) {
      this.code = code;
    }

    static Phase of(int code) {
      for (Phase phase : values()) {
        if (phase.code == code) {
          return phase;
        }
      }
      throw new IllegalStateException("a phase " + code + ", expected O, P, F or R");
    }
  }

  Phase phase = Phase.OK;

  /** Start of the first window that did not hold, of the latest streak that opened or may open. */
  long brokenSinceMicros;

  /** Start of the first window that held again. */
  long heldSinceMicros;

  /** How often it began to fire. */
  int openings;

  boolean isOpen() {
    return phase == Phase.FIRING || phase == Phase.RECOVERING;
  }

  /** Takes the next window, all times being its own. */
  void apply(long startMicros, long endMicros, boolean broken, long forMicros, long recoverMicros) {
    if (broken) {
      if (phase == Phase.OK) {
        phase = Phase.PENDING;
        brokenSinceMicros = startMicros;
      }
      if (phase == Phase.RECOVERING) {
        phase = Phase.FIRING;
      } else if (phase == Phase.PENDING && endMicros - brokenSinceMicros >= forMicros) {
        phase = Phase.FIRING;
        openings++;
      }
    } else if (phase == Phase.PENDING) {
      phase = Phase.OK;
    } else if (isOpen()) {
      if (phase == Phase.FIRING) {
        phase = Phase.RECOVERING;
        heldSinceMicros = startMicros;
      }
      if (endMicros - heldSinceMicros >= recoverMicros) {
        phase = Phase.OK;
      }
    }
  }

  void set(Course other) {
    phase = other.phase;
    brokenSinceMicros = other.brokenSinceMicros;
    heldSinceMicros = other.heldSinceMicros;
    openings = other.openings;
  }

  void reset() {
    phase = Phase.OK;
    brokenSinceMicros = 0;
    heldSinceMicros = 0;
    openings = 0;
  }

  void writeTo(ByteWriter state) {
    state.writeByte(phase.code);
    state.writeLong(brokenSinceMicros);
    state.writeLong(heldSinceMicros);
    state.writeUnsigned(openings);
  }

  void readFrom(ByteReader state) {
    phase = Phase.of(state.readByte());
    brokenSinceMicros = state.readLong();
    heldSinceMicros = state.readLong();
    openings = (int) state.readUnsigned();
  }
}
