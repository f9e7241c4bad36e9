package io.tailrace.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.wire.WireException;
import io.tailrace.wire.WireFault;
import java.util.Arrays;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;

class HistogramFrameTest {
  private static Histogram histogram() {
    Histogram histogram = new Histogram(1, 3_600_000_000L, 3);
    for (long value = 1; value < 3_600_000_000L; value *= 3) {
      histogram.recordValueWithCount(value, value % 7 + 1);
    }
    return histogram;
  }

  @Test
  void decodesWhatItEncoded() {
    assertThat(HistogramFrame.decode(HistogramFrame.encode(histogram()))).isEqualTo(histogram());
  }

  @Test
  void refusesEveryTruncation() {
    byte[] framed = HistogramFrame.encode(histogram());
    for (int length = 0; length < framed.length; length++) {
      byte[] truncated = Arrays.copyOf(framed, length);
      assertThatThrownBy(() -> HistogramFrame.decode(truncated)).isInstanceOf(WireException.class);
    }
  }

  @Test
  void refusesEveryFlippedByte() {
    byte[] framed = HistogramFrame.encode(histogram());
    for (int i = 0; i < framed.length; i++) {
      byte[] flipped = framed.clone();
      flipped[i] ^= 0x10;
      assertThatThrownBy(() -> HistogramFrame.decode(flipped)).isInstanceOf(WireException.class);
    }
  }

  @Test
  void refusesAnotherVersion() {
    byte[] framed = HistogramFrame.encode(histogram());
    framed[0] = 2;
    assertThatThrownBy(() -> HistogramFrame.decode(framed))
        .isInstanceOfSatisfying(
            WireException.class, e -> assertThat(e.fault()).isEqualTo(WireFault.UNKNOWN_VERSION));
  }
}
