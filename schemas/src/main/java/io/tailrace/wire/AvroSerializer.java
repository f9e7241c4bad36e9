package io.tailrace.wire;

import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.RegistrySettings;
import io.tailrace.registry.SchemaRegistry;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumWriter;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.serialization.Serializer;
import org.jspecify.annotations.Nullable;

/**
 * Writes records in the Confluent wire format, under the subject of their topic. Safe for use by
 * many threads, as a producer is.
 */
public final class AvroSerializer<T extends SpecificRecord> implements Serializer<T> {
  private final Map<Schema, SpecificDatumWriter<T>> writers = new ConcurrentHashMap<>();
  private @Nullable SchemaRegistry registry;
  private boolean autoRegister = true;
  private boolean isKey;

  /** For Kafka, which calls {@link #configure} next. */
  public AvroSerializer() {}

  /** With a registry of one's own; {@link #configure} is then only needed for other settings. */
  public AvroSerializer(SchemaRegistry registry) {
    this.registry = registry;
  }

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    this.isKey = isKey;
    autoRegister = RegistrySettings.autoRegister(settings);
    if (registry == null) {
      registry = new HttpSchemaRegistry(settings);
    }
  }

  @Override
  public byte @Nullable [] serialize(String topic, @Nullable T record) {
    if (record == null) {
      return null;
    }
    Schema schema = record.getSchema();
    int id = id(topic, schema);
    ByteArrayOutputStream buffer = new ByteArrayOutputStream();
    buffer.writeBytes(new byte[WireFormat.HEADER_BYTES]);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(buffer, null);
    try {
      writers
          .computeIfAbsent(schema, s -> new SpecificDatumWriter<>(s, RecordModel.INSTANCE))
          .write(record, encoder);
      encoder.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    byte[] value = buffer.toByteArray();
    WireFormat.putHeader(value, id);
    return value;
  }

  private int id(String topic, Schema schema) {
    SchemaRegistry known =
        Objects.requireNonNull(registry, "configure() comes before serialize(): which registry?");
    String subject = isKey ? SchemaRegistry.keySubject(topic) : SchemaRegistry.valueSubject(topic);
    return autoRegister ? known.register(subject, schema) : known.idOf(subject, schema);
  }
}
