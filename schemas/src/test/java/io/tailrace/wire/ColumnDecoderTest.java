package io.tailrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Holds the decoder of columns to the reading of one number after the other. */
class ColumnDecoderTest {
  private static final int ROUNDS = 400;
  private static final int MOST = 300;
  private static final int BITS_A_BYTE = 7;

  private final Random random = new Random(1);

  @ParameterizedTest(name = "up to {0} bytes")
  @ValueSource(ints = {1, 2, 3, 4, 5, 10})
  void readsWhatIsReadOneByOne(int bytes) {
    for (int round = 0; round < ROUNDS; round++) {
      int count = random.nextInt(MOST);
      long[] values = random.longs(count).map(any -> shortened(any, bytes)).toArray();
      int before = random.nextInt(9);
      // What follows a column are other columns, or nothing at all.
      byte[] written = written(before, values, round % 2 == 0 ? 0 : random.nextInt(200));
      ByteCursor in = new ByteCursor();
      in.reset(written, before, written.length);
      long[] out = new long[count + 2];
      Arrays.fill(out, 7);
      ColumnDecoder.decode(in, "column", out, 1, count + 1);
      assertThat(Arrays.copyOfRange(out, 1, count + 1)).isEqualTo(values);
      assertThat(out[0]).isEqualTo(7);
      assertThat(out[count + 1]).isEqualTo(7);
      assertThat(in.position).isEqualTo(before + written(0, values, 0).length);
    }
  }

  @Test
  void readsTheShortestAndTheLongestOfEachLength() {
    for (int bytes = 1; bytes < 10; bytes++) {
      long most = (1L << (BITS_A_BYTE * bytes - 1)) - 1;
      long[] values = new long[MOST];
      for (int i = 0; i < MOST; i++) {
        values[i] = new long[] {most, -most - 1, most / 64, -1, 0, 1}[random.nextInt(6)];
      }
      byte[] written = written(0, values, 80);
      ByteCursor in = new ByteCursor();
      in.reset(written, 0, written.length);
      long[] out = new long[MOST];
      ColumnDecoder.decode(in, "column", out, 0, MOST);
      assertThat(out).isEqualTo(values);
    }
  }

  @ParameterizedTest(name = "up to {0} bytes")
  @ValueSource(ints = {1, 2, 4, 10})
  void neverReadsBeyondTheEnd(int bytes) {
    long[] values = random.longs(MOST).map(any -> shortened(any, bytes)).toArray();
    byte[] written = written(0, values, 100);
    int whole = written(0, values, 0).length;
    for (int end = 0; end < whole; end++) {
      ByteCursor in = new ByteCursor();
      // Bytes behind the end are there and are not the column's.
      in.reset(written, 0, end);
      WireException e =
          catchThrowableOfType(
              WireException.class,
              () -> ColumnDecoder.decode(in, "column", new long[MOST], 0, MOST));
      assertThat(e.fault()).isEqualTo(WireFault.TRUNCATED);
    }
  }

  @Test
  void refusesANumberWithoutEndWhereverItStands() {
    for (int before = 0; before < MOST; before++) {
      long[] values = random.longs(before).map(any -> shortened(any, 2)).toArray();
      byte[] written = written(0, values, 200);
      int start = written(0, values, 0).length;
      Arrays.fill(written, start, written.length, (byte) 0xff);
      ByteCursor in = new ByteCursor();
      in.reset(written, 0, written.length);
      WireException e =
          catchThrowableOfType(
              WireException.class,
              () -> ColumnDecoder.decode(in, "column", new long[2 * MOST], 0, 2 * MOST));
      assertThat(e.fault()).isEqualTo(WireFault.OVERLONG_NUMBER);
      assertThat(e).hasMessageContaining("column").hasMessageContaining("at byte " + start);
    }
  }

  /** Of any length up to that many bytes, each as likely as the other. */
  private long shortened(long any, int bytes) {
    int bits = Math.min(Long.SIZE, BITS_A_BYTE * (1 + random.nextInt(bytes)));
    return any >> (Long.SIZE - bits);
  }

  private byte[] written(int before, long[] values, int after) {
    AvroBuffer out = new AvroBuffer(64);
    for (int i = 0; i < before; i++) {
      out.write(random.nextInt());
    }
    for (long value : values) {
      out.putLong(value);
    }
    for (int i = 0; i < after; i++) {
      out.write(random.nextInt());
    }
    return out.toBytes();
  }
}
