package io.tailrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Distribution;
import io.tailrace.record.RunMode;
import io.tailrace.record.Series;
import io.tailrace.record.StatusShare;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** What is read in one pass, beside what Avro reads of the same bytes. */
class AggregateReaderTest {
  private static final String TOPIC = "tailrace.windows";

  private final SchemasInMemory registry = new SchemasInMemory();
  private final AvroSerializer<Aggregate> writer = new AvroSerializer<>(registry);
  private final AvroDeserializer<Aggregate> reader =
      new AvroDeserializer<>(Aggregate.class, registry);

  AggregateReaderTest() {
    registry.register(TOPIC + "-value", Aggregate.getClassSchema());
  }

  @Test
  void readsWhatAvroReads() throws IOException {
    Random random = new Random(7);
    for (int i = 0; i < 500; i++) {
      Aggregate written = aggregate(random);
      byte[] bytes = written(written);
      Aggregate read = Objects.requireNonNull(reader.deserialize(TOPIC, bytes));
      assertThat(read).isEqualTo(avro(bytes)).isEqualTo(written);
      assertThat(written(read)).hasSameSizeAs(bytes);
    }
  }

  @Test
  void refusesEveryTruncation() {
    byte[] bytes = written(aggregate(new Random(8)));
    for (int length = 0; length < bytes.length; length++) {
      byte[] truncated = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> reader.deserialize(TOPIC, truncated))
          .isInstanceOf(WireException.class);
    }
    byte[] longer = Arrays.copyOf(bytes, bytes.length + 1);
    assertThatThrownBy(() -> reader.deserialize(TOPIC, longer)).isInstanceOf(WireException.class);
  }

  @Test
  void takesAndRefusesWhatTheCheckOfAvrosBytesTakesAndRefuses() throws IOException {
    Random random = new Random(9);
    int taken = 0;
    for (int i = 0; i < 6_000; i++) {
      byte[] bytes = written(aggregate(random));
      int at = WireFormat.HEADER_BYTES + random.nextInt(bytes.length - WireFormat.HEADER_BYTES);
      bytes[at] = (byte) random.nextInt();
      if (isWhole(bytes)) {
        taken++;
        assertThat(reader.deserialize(TOPIC, bytes)).isEqualTo(avro(bytes));
      } else {
        assertThatThrownBy(() -> reader.deserialize(TOPIC, bytes))
            .isInstanceOf(WireException.class);
      }
    }
    assertThat(taken).isBetween(300, 5_700);
  }

  private byte[] written(Aggregate aggregate) {
    return Objects.requireNonNull(writer.serialize(TOPIC, aggregate));
  }

  private static boolean isWhole(byte[] bytes) {
    ByteCursor cursor = new ByteCursor();
    cursor.reset(bytes, WireFormat.HEADER_BYTES, bytes.length);
    try {
      AvroCheck.skip(Aggregate.getClassSchema(), cursor);
      cursor.requireEnd("Aggregate");
      return true;
    } catch (WireException e) {
      return false;
    }
  }

  private static Aggregate avro(byte[] bytes) throws IOException {
    SpecificDatumReader<Aggregate> reader =
        new SpecificDatumReader<>(
            Aggregate.getClassSchema(), Aggregate.getClassSchema(), RecordModel.INSTANCE);
    int header = WireFormat.HEADER_BYTES;
    return reader.read(
        null, DecoderFactory.get().binaryDecoder(bytes, header, bytes.length - header, null));
  }

  private static Aggregate aggregate(Random random) {
    return Aggregate.newBuilder()
        .setRun(text(random))
        .setTestName(text(random))
        .setEnvironment(text(random))
        .setVersion(text(random))
        .setTags(texts(random))
        .setMode(random.nextBoolean() ? RunMode.REPLAY : RunMode.IMPORT)
        .setSeries(new Series(text(random), text(random), text(random), texts(random)))
        .setWindowStartMicros(random.nextLong())
        .setWindowMicros(random.nextLong())
        .setTotal(random.nextBoolean())
        .setRevision(random.nextInt())
        .setSupplement(random.nextBoolean())
        .setNodesReported(random.nextInt())
        .setNodesExpected(random.nextInt())
        .setComplete(random.nextBoolean())
        .setCoveredMicros(random.nextLong())
        .setRequests(random.nextInt(1_000))
        .setErrors(random.nextInt(1_000))
        .setLate(random.nextInt(1_000))
        .setClamped(random.nextInt(1_000))
        .setThroughput(random.nextGaussian())
        .setErrorRatePercent(random.nextDouble())
        .setResponseTime(times(random))
        .setServiceTime(times(random))
        .setLatenessMeanMicros(maybe(random, random.nextGaussian()))
        .setLatenessMaxMicros(maybe(random, random.nextLong()))
        .setFirstByteMeanMicros(maybe(random, random.nextGaussian()))
        .setConnectMeanMicros(maybe(random, random.nextGaussian()))
        .setByStatus(shares(random))
        .setErrorKinds(random.nextBoolean() ? Map.of() : Map.of(text(random), random.nextLong()))
        .setBytesSent(maybe(random, random.nextLong()))
        .setBytesReceived(maybe(random, random.nextLong()))
        .setActiveUsers(maybe(random, random.nextInt()))
        .setCpuPercent(maybe(random, random.nextDouble()))
        .setMemoryMb(maybe(random, random.nextDouble()))
        .setResponseHistogram(bytes(random))
        .setServiceHistogram(bytes(random))
        .build();
  }

  private static <T> @Nullable T maybe(Random random, T value) {
    return random.nextInt(3) == 0 ? null : value;
  }

  private static String text(Random random) {
    return "\u20ac w\u00f6rd ".repeat(random.nextInt(3)) + random.nextInt(40);
  }

  private static Map<String, String> texts(Random random) {
    Map<String, String> texts = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      texts.put(text(random), text(random));
    }
    return texts;
  }

  private static List<StatusShare> shares(Random random) {
    List<StatusShare> shares = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      shares.add(
          new StatusShare(
              random.nextInt(600), random.nextLong(), random.nextLong(), bytes(random)));
    }
    return shares;
  }

  private static @Nullable Distribution times(Random random) {
    return maybe(
        random,
        new Distribution(
            random.nextLong(),
            random.nextDouble(),
            random.nextLong(),
            random.nextDouble(),
            random.nextLong(),
            1L,
            random.nextLong(),
            -1L,
            random.nextLong(),
            0L));
  }

  private static @Nullable ByteBuffer bytes(Random random) {
    byte[] bytes = new byte[random.nextInt(100)];
    random.nextBytes(bytes);
    return maybe(random, ByteBuffer.wrap(bytes));
  }
}
