package io.tailrace.wire;

import static io.tailrace.wire.WireFault.BAD_INDEX;
import static io.tailrace.wire.WireFault.INCOMPATIBLE_SCHEMA;
import static io.tailrace.wire.WireFault.INVALID_UTF8;
import static io.tailrace.wire.WireFault.NEGATIVE_LENGTH;
import static io.tailrace.wire.WireFault.OTHER_SUBJECT;
import static io.tailrace.wire.WireFault.OVERLONG_NUMBER;
import static io.tailrace.wire.WireFault.TOO_DEEP;
import static io.tailrace.wire.WireFault.TOO_LONG;
import static io.tailrace.wire.WireFault.TRAILING_BYTES;
import static io.tailrace.wire.WireFault.TRUNCATED;
import static io.tailrace.wire.WireFault.UNEQUAL_COLUMNS;
import static io.tailrace.wire.WireFault.UNKNOWN_SCHEMA;
import static io.tailrace.wire.WireFault.WRONG_MAGIC;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunCommand;
import io.tailrace.record.SampleBatch;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every kind of bytes that nobody should send: a typed reason, soon, and without eating memory. */
class BadInputTest {
  private static final String TOPIC = "tailrace.samples";
  private static final String SUBJECT = "tailrace.samples-value";
  private static final int BILLION = 1_000_000_000;
  private static final long LARGEST_ARRAY = Integer.MAX_VALUE - 8L;
  private static final Duration AT_MOST = Duration.ofMillis(50);
  private static final long MOST_ALLOCATED = 4 << 20;

  private static final long A_FEW_OBJECTS = 64 << 10;

  private final SchemasInMemory registry = new SchemasInMemory();
  private final int id = registry.register(SUBJECT, SampleBatch.getClassSchema());
  private final SampleBatchReader reader = new SampleBatchReader(registry, SUBJECT);
  private final AvroDeserializer<SampleBatch> avro =
      new AvroDeserializer<>(SampleBatch.class, registry);

  static Stream<Arguments> lengths() {
    return Stream.of(
        bad("a name of 2^31-9 bytes", TOO_LONG, out -> out.putLong(LARGEST_ARRAY)),
        bad("a name of -1 bytes", NEGATIVE_LENGTH, out -> out.putLong(-1)),
        bad("a name longer than the batch", TRUNCATED, out -> out.putLong(100)),
        bad("a name that is not UTF-8", INVALID_UTF8, out -> out.putBytes(bytes(0xc3, 0x28))),
        bad(
            "a name with half a surrogate pair",
            INVALID_UTF8,
            out -> out.putBytes(bytes(0xed, 0xa0, 0x80))),
        bad("a number without end", OVERLONG_NUMBER, out -> fill(out, 0xff, 5000)),
        bad(
            "a number of 65 bits",
            OVERLONG_NUMBER,
            out -> {
              fill(out, 0x80, 9);
              out.write(2);
            }),
        bad(
            "a branch that is not there",
            BAD_INDEX,
            out -> {
              beforeOptional(out);
              out.putLong(2);
            }),
        bad(
            "an enum's symbol that is not there",
            BAD_INDEX,
            out -> {
              beforeOptional(out);
              out.putLong(0);
              out.putLong(1);
              out.putLong(99);
            }),
        bad(
            "a billion series",
            TOO_LONG,
            out -> {
              beforeSeries(out);
              out.putLong(BILLION);
            }),
        bad(
            "a block of a billion series and its size",
            TRUNCATED,
            out -> {
              beforeSeries(out);
              out.putLong(-BILLION);
              out.putLong(4L * BILLION);
            }),
        bad(
            "a block of the most negative count",
            NEGATIVE_LENGTH,
            out -> {
              beforeSeries(out);
              out.putLong(Long.MIN_VALUE);
              out.putLong(1);
            }),
        bad(
            "a block of a negative size",
            NEGATIVE_LENGTH,
            out -> {
              beforeSeries(out);
              out.putLong(-1);
              out.putLong(-1);
            }),
        bad(
            "a series' name that is not UTF-8",
            INVALID_UTF8,
            out -> {
              beforeSeries(out);
              out.putLong(1);
              out.putBytes(bytes('a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 0xff));
              fill(out, 0, 50);
            }));
  }

  static Stream<Arguments> columns() {
    return Stream.of(
        bad("a billion samples", TOO_LONG, out -> out.putLong(BILLION)),
        bad("more samples than bytes", TRUNCATED, out -> out.putLong(200_000)),
        bad(
            "an outcome that is not in the dictionary",
            BAD_INDEX,
            out -> {
              column(out, 1, 0, 1);
              column(out, 1, 5, 5);
              column(out, 1, 5, 5);
              fill(out, 0, 5);
            }),
        bad(
            "a negative outcome",
            BAD_INDEX,
            out -> {
              column(out, -1);
              column(out, 1);
              column(out, 1);
              fill(out, 0, 5);
            }),
        bad(
            "a column that is shorter",
            UNEQUAL_COLUMNS,
            out -> {
              column(out, 0, 0);
              column(out, 5);
              column(out, 5, 5);
              fill(out, 0, 5);
            }),
        bad(
            "a column that is longer",
            UNEQUAL_COLUMNS,
            out -> {
              column(out, 0, 0);
              column(out, 5, 5);
              column(out, 5, 5);
              column(out, 5, 5, 5);
              fill(out, 0, 4);
            }),
        bad(
            "a latency without end",
            OVERLONG_NUMBER,
            out -> {
              column(out, 0, 0);
              column(out, 5, 5);
              out.putLong(2);
              fill(out, 0xff, 500);
            }),
        bad(
            "a byte behind the end",
            TRAILING_BYTES,
            out -> {
              column(out, 0);
              column(out, 5);
              column(out, 5);
              fill(out, 0, 6);
            }));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("lengths")
  void refusesLengthsAndNamesThatCannotBe(String what, WireFault fault, Consumer<AvroBuffer> body) {
    byte[] value = value(id, body);
    assertThat(faultOf(() -> reader.read(value))).isEqualTo(fault);
    assertThat(faultOf(() -> avro.deserialize(TOPIC, value))).isIn(fault, TRUNCATED);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("columns")
  void refusesColumnsThatCannotBe(String what, WireFault fault, Consumer<AvroBuffer> columns) {
    byte[] value =
        value(
            id,
            out -> {
              beforeSeries(out);
              out.putLong(1);
              fill(out, 0, 4 + 1);
              out.putLong(1);
              fill(out, 0, 5 + 1);
              out.putLong(0);
              columns.accept(out);
            });
    assertThat(faultOf(() -> reader.read(value))).isEqualTo(fault);
    assertThat(reader.sampleCount()).isZero();
  }

  @Test
  void refusesWhatIsNotTheWireFormat() {
    byte[] json = "{\"run\":\"a\"}".getBytes(java.nio.charset.StandardCharsets.UTF_8);
    assertThat(faultOf(() -> reader.read(json))).isEqualTo(WRONG_MAGIC);
    assertThat(faultOf(() -> reader.read(bytes()))).isEqualTo(TRUNCATED);
    assertThat(faultOf(() -> reader.read(bytes(0, 0, 0)))).isEqualTo(TRUNCATED);
    assertThat(faultOf(() -> avro.deserialize(TOPIC, json))).isEqualTo(WRONG_MAGIC);
  }

  @Test
  void refusesAnUnknownSchema() {
    byte[] value = value(77, out -> fill(out, 0, 40));
    assertThat(faultOf(() -> reader.read(value))).isEqualTo(UNKNOWN_SCHEMA);
    assertThat(faultOf(() -> avro.deserialize(TOPIC, value))).isEqualTo(UNKNOWN_SCHEMA);
  }

  @Test
  void refusesAnotherSubjectsSchema() {
    int other = registry.register("tailrace.commands-value", RunCommand.getClassSchema());
    byte[] value = value(other, out -> fill(out, 0, 40));
    assertThat(faultOf(() -> reader.read(value))).isEqualTo(OTHER_SUBJECT);
    assertThat(faultOf(() -> avro.deserialize(TOPIC, value))).isEqualTo(OTHER_SUBJECT);
    AvroDeserializer<Aggregate> windows = new AvroDeserializer<>(Aggregate.class, registry);
    assertThat(faultOf(() -> windows.deserialize("tailrace.windows", value)))
        .isEqualTo(OTHER_SUBJECT);
  }

  @Test
  void refusesASchemaOfOurNameThatIsNotOurs() {
    Schema impostor =
        Schema.createRecord("SampleBatch", null, "io.tailrace.record", false, java.util.List.of());
    int impostorId = registry.register(SUBJECT, impostor);
    byte[] value = value(impostorId, out -> {});
    assertThat(faultOf(() -> reader.read(value))).isEqualTo(INCOMPATIBLE_SCHEMA);
    assertThat(faultOf(() -> avro.deserialize(TOPIC, value))).isEqualTo(INCOMPATIBLE_SCHEMA);
  }

  @Test
  void refusesDeepNestingAndValuesOfNoBytes() {
    Schema nested =
        new Schema.Parser()
            .parse(
                """
                {"type":"record","name":"Nested","fields":[{"name":"inner","type":["null","Nested"]}]}
                """);
    byte[] deep = new byte[100_000];
    Arrays.fill(deep, (byte) 2);
    assertThat(faultOf(() -> check(nested, deep))).isEqualTo(TOO_DEEP);

    Schema nothings = Schema.createArray(Schema.create(Schema.Type.NULL));
    AvroBuffer many = new AvroBuffer(16);
    many.putLong(1_000_000);
    assertThat(faultOf(() -> check(nothings, many.toBytes()))).isEqualTo(TOO_LONG);
  }

  private static void check(Schema schema, byte[] body) {
    ByteCursor cursor = new ByteCursor();
    cursor.reset(body, 0, body.length);
    AvroCheck.skip(schema, cursor);
  }

  @Test
  void cutsNamesRatherThanSendWhatReadersRefuse() {
    SampleBatchWriter writer = new SampleBatchWriter(id);
    writer.begin("run", "node", 1);
    int series = writer.series("é".repeat(5_000), "", "", Map.of("k", "🚀".repeat(5_000)));
    writer.sample(writer.outcome(series, 0, "x".repeat(10_000)), 1, 1, 0, -1, -1, -1, -1);
    reader.read(writer.finish(0, 0, 0, 1, 1));
    assertThat(reader.series(0).getName()).isEqualTo("é".repeat(2_048));
    assertThat(reader.error(0)).hasSize(WireLimits.MAX_NAME_BYTES);
  }

  @Test
  void allocatesNothingForSamplesThatAreNotThere() {
    // Warm: classes loaded, the schema known, and room for one sample.
    reader.read(value(id, out -> fill(out, 0, 8 + 3 + 2 + 1 + 8)));
    byte[] bomb =
        value(
            id,
            out -> {
              beforeSeries(out);
              fill(out, 0, 2 + 1);
              out.putLong(200_000);
            });
    long before = allocated();
    WireException e = catchThrowableOfType(WireException.class, () -> reader.read(bomb));
    assertThat(allocated() - before).isLessThan(A_FEW_OBJECTS);
    assertThat(e.fault()).isEqualTo(TRUNCATED);
  }

  @Test
  void comparesASchemaOnce() {
    int other =
        registry.register(SUBJECT, EvolvedSchemas.without(SampleBatch.getClassSchema(), "run"));
    byte[] value = value(other, out -> fill(out, 0, 40));
    assertThat(faultOf(() -> reader.read(value))).isEqualTo(INCOMPATIBLE_SCHEMA);
    long before = allocated();
    WireException again = catchThrowableOfType(WireException.class, () -> reader.read(value));
    assertThat(allocated() - before).isLessThan(A_FEW_OBJECTS);
    assertThat(again.fault()).isEqualTo(INCOMPATIBLE_SCHEMA);
  }

  private static long allocated() {
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    return thread.getCurrentThreadAllocatedBytes();
  }

  private static Arguments bad(String what, WireFault fault, Consumer<AvroBuffer> body) {
    return Arguments.of(what, fault, body);
  }

  private static byte[] value(int id, Consumer<AvroBuffer> body) {
    AvroBuffer out = new AvroBuffer(64);
    fill(out, 0, WireFormat.HEADER_BYTES);
    body.accept(out);
    byte[] value = out.toBytes();
    WireFormat.putHeader(value, id);
    return value;
  }

  private static void beforeOptional(AvroBuffer out) {
    fill(out, 0, 2 + 6);
  }

  private static void beforeSeries(AvroBuffer out) {
    beforeOptional(out);
    fill(out, 0, 3);
  }

  private static void column(AvroBuffer out, long... values) {
    out.putLong(values.length);
    for (long value : values) {
      out.putLong(value);
    }
    out.putLong(0);
  }

  private static void fill(AvroBuffer out, int b, int count) {
    for (int i = 0; i < count; i++) {
      out.write(b);
    }
  }

  private static byte[] bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < values.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return bytes;
  }

  /** By the thread's own clock and allocations, so that a busy machine does not count. */
  private static WireFault faultOf(Runnable reading) {
    WireException first = catchThrowableOfType(WireException.class, reading::run);
    var thread = (com.sun.management.ThreadMXBean) ManagementFactory.getThreadMXBean();
    long allocated = thread.getCurrentThreadAllocatedBytes();
    long started = thread.getCurrentThreadCpuTime();
    WireException e = catchThrowableOfType(WireException.class, reading::run);
    assertThat(thread.getCurrentThreadCpuTime() - started).isLessThan(AT_MOST.toNanos());
    assertThat(thread.getCurrentThreadAllocatedBytes() - allocated).isLessThan(MOST_ALLOCATED);
    assertThat(e.fault()).isEqualTo(first.fault());
    return e.fault();
  }
}
