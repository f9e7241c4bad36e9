package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sink.prometheus.ProtoReader.Field;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class NativeBucketsTest {
  @Test
  void putsABoundInTheBucketItBounds() {
    NativeScale scale = new NativeScale(0);
    assertThat(scale.indexOf(1_000_000)).isZero();
    assertThat(scale.indexOf(1_000_001)).isEqualTo(1);
    assertThat(scale.indexOf(2_000_000)).isEqualTo(1);
    assertThat(scale.indexOf(500_000)).isEqualTo(-1);
    assertThat(scale.indexOf(500_001)).isZero();
  }

  @Test
  void writesSpansAndDeltas() {
    NativeBuckets buckets = new NativeBuckets(new NativeScale(0));
    buckets.add(8_000_000, 2);
    buckets.add(16_000_000, 5);
    buckets.add(256_000_000, 1);
    buckets.add(0, 9);

    List<Field> fields = written(buckets);

    assertThat(spans(fields)).containsExactly(List.of(3L, 2L), List.of(3L, 1L));
    assertThat(deltas(fields)).containsExactly(2L, 3L, -4L);
    assertThat(field(fields, 4).asSigned()).isZero();
    assertThat(field(fields, 6).asLong()).isEqualTo(9);
  }

  @Test
  void bridgesAShortGap() {
    NativeBuckets buckets = new NativeBuckets(new NativeScale(0));
    buckets.add(8_000_000, 2);
    buckets.add(16_000_000, 5);
    buckets.add(128_000_000, 1);

    List<Field> fields = written(buckets);

    assertThat(spans(fields)).containsExactly(List.of(3L, 5L));
    assertThat(deltas(fields)).containsExactly(2L, 3L, -5L, 0L, 1L);
  }

  @Test
  void holdsEveryValueWithinTheWidthOfItsBucket() {
    Random random = new Random(1);
    for (int schema = -4; schema <= 8; schema++) {
      NativeScale scale = new NativeScale(schema);
      NativeBuckets buckets = new NativeBuckets(scale);
      Map<Long, Long> expected = new TreeMap<>();
      List<Double> seconds = new ArrayList<>();
      for (int i = 0; i < 500; i++) {
        double micros = Math.exp(random.nextDouble() * 22);
        long count = 1L + random.nextInt(1_000);
        buckets.add(micros, count);
        expected.merge((long) scale.indexOf(micros), count, Long::sum);
        seconds.add(micros / 1e6);
      }

      assertThat(contents(written(buckets))).isEqualTo(expected);
      for (double value : seconds) {
        double upper = Math.pow(2, scale.indexOf(value * 1e6) * Math.pow(2, -schema));
        assertThat(value).isLessThanOrEqualTo(upper * (1 + 1e-12));
        assertThat(value).isGreaterThan(upper / Math.pow(2, Math.pow(2, -schema)) * (1 - 1e-12));
      }
    }
  }

  @Test
  void holdsWhatIsLeftAfterTakingBack() {
    Random random = new Random(2);
    NativeBuckets buckets = new NativeBuckets(new NativeScale(5));
    NativeBuckets left = new NativeBuckets(new NativeScale(5));
    for (int i = 0; i < 1_000; i++) {
      double micros = Math.exp(random.nextDouble() * 15);
      buckets.add(micros, 3);
      if (i % 3 == 0) {
        buckets.add(micros, -3);
      } else {
        left.add(micros, 3);
      }
    }
    assertThat(contents(written(buckets))).isEqualTo(contents(written(left)));
    assertThat(contents(written(buckets)).values().stream().mapToLong(each -> each).sum())
        .isEqualTo(1_998L);
  }

  @Test
  void anEmptyOneHasNoSpans() {
    List<Field> fields = written(new NativeBuckets(new NativeScale(5)));
    assertThat(fields).extracting(Field::number).containsExactly(4, 5, 6);
    assertThat(field(fields, 5).asDouble()).isEqualTo(Math.pow(2, -128));
  }

  static List<Field> written(NativeBuckets buckets) {
    ProtoWriter out = new ProtoWriter(1);
    buckets.writeTo(out, new ProtoWriter(1));
    return ProtoReader.read(out.toByteArray());
  }

  static Field field(List<Field> fields, int number) {
    return fields.stream().filter(each -> each.number() == number).findFirst().orElseThrow();
  }

  private static List<List<Long>> spans(List<Field> fields) {
    return fields.stream()
        .filter(each -> each.number() == 11)
        .map(Field::asMessage)
        .map(span -> List.of(field(span, 1).asSigned(), field(span, 2).asLong()))
        .toList();
  }

  private static List<Long> deltas(List<Field> fields) {
    return fields.stream()
        .filter(each -> each.number() == 12)
        .flatMap(each -> each.asPackedSigned().stream())
        .toList();
  }

  /** The counts that are not zero, by the index of their bucket. */
  static Map<Long, Long> contents(List<Field> histogram) {
    Map<Long, Long> contents = new TreeMap<>();
    List<Long> deltas = deltas(histogram);
    long index = 0;
    long count = 0;
    int at = 0;
    for (List<Long> span : spans(histogram)) {
      index += span.get(0);
      for (long i = 0; i < span.get(1); i++) {
        count += deltas.get(at++);
        if (count != 0) {
          contents.put(index, count);
        }
        index++;
      }
    }
    assertThat(at).isEqualTo(deltas.size());
    return contents;
  }
}
