package io.tailrace.embedded;

import static java.util.Objects.requireNonNull;
import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.CommandKind;
import io.tailrace.record.RunCommand;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.AvroSerializer;
import io.tailrace.wire.SampleBatchReader;
import io.tailrace.wire.SampleBatchWriter;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import org.apache.avro.JsonProperties;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumReader;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.generic.GenericRecord;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * Users of Confluent's serializers read our topics and write to them, whoever's the registry is.
 */
class ConfluentSerializersIT {
  private static final int HEADER = 5;
  private static final long NOW = 1_790_000_000_000_000L;

  enum Registry {
    OURS {
      @Override
      String url() {
        return TestKafka.shared().registryUrl();
      }
    },
    APICURIOS {
      @Override
      String url() {
        return ApicurioProcess.shared().url();
      }
    };

    abstract String url();
  }

  private static final Map<Registry, ConfluentProcess> CONFLUENTS = new EnumMap<>(Registry.class);

  private final List<AutoCloseable> open = new ArrayList<>();

  @AfterAll
  static void stop() {
    CONFLUENTS.values().forEach(ConfluentProcess::close);
  }

  @AfterEach
  void close() throws Exception {
    for (AutoCloseable part : open) {
      part.close();
    }
  }

  @ParameterizedTest
  @EnumSource
  void readEachOthersRecords(Registry registry) throws IOException {
    String topic = TestKafka.shared().uniqueName("commands");
    ConfluentProcess confluent = confluent(registry);
    AvroSerializer<RunCommand> serializer = serializer(registry);
    AvroDeserializer<RunCommand> deserializer = deserializer(registry);
    RunCommand record = command("node-7");

    byte[] ours = requireNonNull(serializer.serialize(topic, record));
    assertThat(confluent.deserialize(topic, ours)).isEqualTo(avro(record));

    byte[] theirs = confluent.serialize(topic, RunCommand.getClassSchema(), avro(record));
    assertThat(theirs).isEqualTo(ours);
    assertThat(deserializer.deserialize(topic, theirs)).isEqualTo(record);
  }

  @ParameterizedTest
  @EnumSource
  void readEachOthersBatchesOfSamples(Registry registry) throws IOException {
    String topic = TestKafka.shared().uniqueName("samples");
    String subject = topic + "-value";
    ConfluentProcess confluent = confluent(registry);
    HttpSchemaRegistry client = client(registry);
    SampleBatchWriter writer =
        new SampleBatchWriter(client.register(subject, SampleBatch.getClassSchema()));
    byte[] ours = batch(writer);

    byte[] avro = confluent.deserialize(topic, ours);
    assertThat(avro).isEqualTo(Arrays.copyOfRange(ours, HEADER, ours.length));
    GenericRecord seen = generic(SampleBatch.getClassSchema(), avro);
    assertThat(seen.get("run")).hasToString("run-1");
    assertThat((List<?>) seen.get("latencyMicros")).hasSize(3);

    byte[] theirs = confluent.serialize(topic, SampleBatch.getClassSchema(), avro);
    assertThat(theirs).isEqualTo(ours);
    assertBatch(new SampleBatchReader(client, subject), theirs);
  }

  @ParameterizedTest
  @EnumSource
  void readEachOthersRecordsAcrossAnOptionalFieldMore(Registry registry) throws IOException {
    String topic = TestKafka.shared().uniqueName("evolved");
    ConfluentProcess confluent = confluent(registry);
    AvroSerializer<RunCommand> serializer = serializer(registry);
    AvroDeserializer<RunCommand> deserializer = deserializer(registry);
    RunCommand record = command(null);
    byte[] old = requireNonNull(serializer.serialize(topic, record));
    new RegistryProbe(registry.url())
        .send("PUT", "/config/" + topic + "-value", "{\"compatibility\":\"FULL_TRANSITIVE\"}");

    Schema evolved = withOptionalField(RunCommand.getClassSchema());
    GenericRecord newer = resolved(avro(record), RunCommand.getClassSchema(), evolved);
    newer.put("ticket", "OPS-1");
    byte[] theirs = confluent.serialize(topic, evolved, avro(newer));
    assertThat(Arrays.copyOf(theirs, HEADER)).isNotEqualTo(Arrays.copyOf(old, HEADER));
    assertThat(deserializer.deserialize(topic, theirs)).isEqualTo(record);

    GenericRecord seen = generic(evolved, confluent.deserialize(topic, old, evolved));
    assertThat(seen.get("ticket")).isNull();
    assertThat(seen.get("reason")).hasToString("too slow");
  }

  @ParameterizedTest
  @EnumSource
  void readBatchesOfSamplesWithAnOptionalFieldMore(Registry registry) throws IOException {
    String topic = TestKafka.shared().uniqueName("evolved-samples");
    ConfluentProcess confluent = confluent(registry);
    HttpSchemaRegistry client = client(registry);
    int id = client.register(topic + "-value", SampleBatch.getClassSchema());
    byte[] ours = batch(new SampleBatchWriter(id));

    Schema evolved = withOptionalField(SampleBatch.getClassSchema());
    GenericRecord newer =
        resolved(
            Arrays.copyOfRange(ours, HEADER, ours.length), SampleBatch.getClassSchema(), evolved);
    newer.put("ticket", "OPS-1");
    byte[] theirs = confluent.serialize(topic, evolved, avro(newer));
    assertBatch(new SampleBatchReader(client, topic + "-value"), theirs);
  }

  /** One for each registry: it is compiled when it starts. */
  private static ConfluentProcess confluent(Registry registry) {
    return CONFLUENTS.computeIfAbsent(registry, r -> ConfluentProcess.start(r.url()));
  }

  private static HttpSchemaRegistry client(Registry registry) {
    return new HttpSchemaRegistry(Map.of("schema.registry.url", registry.url()));
  }

  private AvroSerializer<RunCommand> serializer(Registry registry) {
    AvroSerializer<RunCommand> serializer = new AvroSerializer<>();
    serializer.configure(Map.of("schema.registry.url", registry.url()), false);
    open.add(serializer);
    return serializer;
  }

  private AvroDeserializer<RunCommand> deserializer(Registry registry) {
    AvroDeserializer<RunCommand> deserializer = new AvroDeserializer<>(RunCommand.class);
    deserializer.configure(Map.of("schema.registry.url", registry.url()), false);
    open.add(deserializer);
    return deserializer;
  }

  private static RunCommand command(@Nullable String node) {
    return RunCommand.newBuilder()
        .setRun("run-1")
        .setKind(CommandKind.ABORT)
        .setNode(node)
        .setNodesExpected(8)
        .setAtMicros(NOW)
        .setBy("p95 < 500ms")
        .setReason("too slow")
        .build();
  }

  private static byte[] batch(SampleBatchWriter writer) {
    writer.begin("run-1", "node-1", NOW);
    int series = writer.series("checkout", "POST", "shop", Map.of("region", "eu"));
    int good = writer.outcome(series, 200, null);
    int bad = writer.outcome(series, 503, "unavailable");
    writer.sample(good, NOW + 1_000, 900, 10, 700, 0, 120, 4_096);
    writer.sample(bad, NOW + 3_000, 2_500, 0, -1, 250, 120, 64);
    writer.sample(good, NOW + 2_000, 1_500, 40, 1_000, 0, 120, 4_000);
    return writer.finish(0, 0, 0, NOW + 5_000, NOW + 2_500);
  }

  private static void assertBatch(SampleBatchReader reader, byte[] value) {
    reader.read(value);
    assertThat(reader.run()).isEqualTo("run-1");
    assertThat(reader.node()).isEqualTo("node-1");
    assertThat(reader.watermarkMicros()).isEqualTo(NOW + 2_500);
    assertThat(reader.sampleCount()).isEqualTo(3);
    assertThat(Arrays.copyOf(reader.endMicros(), 3))
        .containsExactly(NOW + 1_000, NOW + 3_000, NOW + 2_000);
    assertThat(Arrays.copyOf(reader.latencyMicros(), 3)).containsExactly(900, 2_500, 1_500);
    assertThat(Arrays.copyOf(reader.delayMicros(), 3)).containsExactly(10, 0, 40);
    assertThat(Arrays.copyOf(reader.firstByteMicros(), 3)).containsExactly(700, -1, 1_000);
    assertThat(reader.outcomeStatus(reader.outcomes()[1])).isEqualTo(503);
    assertThat(reader.error(reader.outcomes()[1])).isEqualTo("unavailable");
    assertThat(reader.series(0).getName()).isEqualTo("checkout");
  }

  private static Schema withOptionalField(Schema schema) {
    List<Schema.Field> fields = new ArrayList<>();
    for (Schema.Field field : schema.getFields()) {
      fields.add(new Schema.Field(field, field.schema()));
    }
    Schema optional =
        Schema.createUnion(Schema.create(Schema.Type.NULL), Schema.create(Schema.Type.STRING));
    fields.add(
        new Schema.Field("ticket", optional, "A field of later.", JsonProperties.NULL_VALUE));
    return Schema.createRecord(
        schema.getName(), schema.getDoc(), schema.getNamespace(), false, fields);
  }

  private static GenericRecord generic(Schema schema, byte[] avro) throws IOException {
    return resolved(avro, schema, schema);
  }

  private static GenericRecord resolved(byte[] avro, Schema writer, Schema reader)
      throws IOException {
    return new GenericDatumReader<GenericRecord>(writer, reader, new GenericData())
        .read(null, DecoderFactory.get().binaryDecoder(avro, null));
  }

  private static byte[] avro(RunCommand record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new SpecificDatumWriter<>(RunCommand.class).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }

  private static byte[] avro(GenericRecord record) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    new GenericDatumWriter<GenericRecord>(record.getSchema()).write(record, encoder);
    encoder.flush();
    return bytes.toByteArray();
  }
}
