package io.tailrace.histogram;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.wire.WireException;
import io.tailrace.wire.WireFault;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.CRC32C;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;
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

  @Test
  void visitsTheCellsThatADecodedHistogramHas() {
    Random random = new Random(4);
    for (int round = 0; round < 200; round++) {
      Histogram histogram =
          new Histogram(1L << random.nextInt(6), 3_600_000_000L, random.nextInt(4));
      for (int i = random.nextInt(300); i >= 0; i--) {
        long value = (long) Math.exp(random.nextDouble() * 22);
        histogram.recordValueWithCount(
            Math.min(value, 3_600_000_000L), 1 + random.nextLong(1L << random.nextInt(1, 50)));
      }
      List<List<Long>> expected = new ArrayList<>();
      for (HistogramIterationValue each : histogram.recordedValues()) {
        long value = each.getValueIteratedTo();
        expected.add(
            List.of(
                histogram.lowestEquivalentValue(value),
                histogram.highestEquivalentValue(value),
                each.getCountAtValueIteratedTo()));
      }

      List<List<Long>> visited = new ArrayList<>();
      HistogramFrame.forEachCell(
          HistogramFrame.encode(histogram),
          (lowest, highest, count) -> visited.add(List.of(lowest, highest, count)));

      assertThat(visited).isEqualTo(expected);
    }
  }

  @Test
  void visitsNothingOfWhatItRefuses() {
    byte[] framed = HistogramFrame.encode(histogram());
    for (int length = 0; length < framed.length; length++) {
      byte[] truncated = Arrays.copyOf(framed, length);
      assertThatThrownBy(() -> HistogramFrame.forEachCell(truncated, (low, high, count) -> {}))
          .isInstanceOf(WireException.class);
    }
  }

  @Test
  void visitsNoCellsOfBytesThatOnlyLookRight() {
    Random random = new Random(5);
    for (int round = 0; round < 2_000; round++) {
      byte[] framed = HistogramFrame.encode(histogram());
      int at = 13 + random.nextInt(framed.length - 13);
      framed[at] = (byte) random.nextInt();
      CRC32C crc = new CRC32C();
      crc.update(framed, 0, 9);
      crc.update(framed, 13, framed.length - 13);
      ByteBuffer.wrap(framed).putInt(9, (int) crc.getValue());
      long[] total = {0};
      try {
        HistogramFrame.forEachCell(framed, (low, high, count) -> total[0] += count);
        assertThat(total[0]).isEqualTo(histogram().getTotalCount());
      } catch (WireException refused) {
        assertThat(refused).hasMessageNotContaining("null");
      }
    }
  }
}
