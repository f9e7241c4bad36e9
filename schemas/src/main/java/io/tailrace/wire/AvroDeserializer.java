package io.tailrace.wire;

import static io.tailrace.wire.WireFault.INCOMPATIBLE_SCHEMA;
import static io.tailrace.wire.WireFault.OTHER_SUBJECT;

import io.tailrace.record.Aggregate;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.apache.avro.Schema;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificRecord;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.serialization.Deserializer;
import org.jspecify.annotations.Nullable;

/**
 * Reads records in the Confluent wire format, whichever compatible schema they were written with;
 * bytes that are not one whole record are a {@link WireException}. Not thread-safe.
 */
public final class AvroDeserializer<T extends SpecificRecord> implements Deserializer<T> {
  /** The class of the values; without it, the record's own schema says which of ours it is. */
  public static final String VALUE_TYPE = "specific.avro.value.type";

  /** The same for keys. */
  public static final String KEY_TYPE = "specific.avro.key.type";

  private final WriterSchemas writers = new WriterSchemas();
  private final ByteCursor cursor = new ByteCursor();
  private final Map<Integer, Decoding<T>> decodings = new HashMap<>();
  private @Nullable Class<T> type;
  private @Nullable SchemaRegistry registry;
  private @Nullable BinaryDecoder decoder;
  private boolean isKey;

  private record Decoding<T>(
      Schema writer, SpecificDatumReader<T> reader, @Nullable AggregateReader aggregates) {}

  /** For Kafka, which calls {@link #configure} next. */
  public AvroDeserializer() {}

  public AvroDeserializer(Class<T> type) {
    this.type = type;
  }

  public AvroDeserializer(Class<T> type, SchemaRegistry registry) {
    this.type = type;
    this.registry = registry;
  }

  @Override
  public void configure(Map<String, ?> settings, boolean isKey) {
    this.isKey = isKey;
    Object given = settings.get(isKey ? KEY_TYPE : VALUE_TYPE);
    if (type == null && given != null) {
      type = recordClass(isKey ? KEY_TYPE : VALUE_TYPE, given);
    }
    if (registry == null) {
      registry = new HttpSchemaRegistry(settings);
    }
  }

  @SuppressWarnings("unchecked") // Checked by asSubclass; Kafka fixes T by configuration alone.
  private Class<T> recordClass(String key, Object given) {
    try {
      Class<?> named =
          given instanceof Class<?> c
              ? c
              : Class.forName(given.toString(), false, RecordModel.INSTANCE.getClassLoader());
      return (Class<T>) named.asSubclass(SpecificRecord.class);
    } catch (ClassNotFoundException | ClassCastException e) {
      throw new ConfigException(key, given, "expected the class of a generated Avro record");
    }
  }

  @Override
  public @Nullable T deserialize(String topic, byte @Nullable [] value) {
    if (value == null) {
      return null;
    }
    int id = WireFormat.schemaId(value);
    Decoding<T> decoding = decodings.get(id);
    if (decoding == null) {
      decoding = decoding(topic, id);
      decodings.put(id, decoding);
    }
    cursor.reset(value, WireFormat.HEADER_BYTES, value.length);
    if (decoding.aggregates() != null) {
      return aggregate(decoding.aggregates());
    }
    AvroCheck.skip(decoding.writer(), cursor);
    cursor.requireEnd(decoding.writer().getName());
    decoder =
        DecoderFactory.get()
            .binaryDecoder(
                value, WireFormat.HEADER_BYTES, value.length - WireFormat.HEADER_BYTES, decoder);
    try {
      return decoding.reader().read(null, decoder);
    } catch (IOException | RuntimeException e) {
      throw new WireException(
          INCOMPATIBLE_SCHEMA, "schema " + id + " on topic " + topic + ": " + e.getMessage(), e);
    }
  }

  @SuppressWarnings("unchecked") // Only made where T is Aggregate.
  private T aggregate(AggregateReader aggregates) {
    Aggregate read = aggregates.read();
    cursor.requireEnd("Aggregate");
    return (T) read;
  }

  private Decoding<T> decoding(String topic, int id) {
    SchemaRegistry known =
        Objects.requireNonNull(registry, "configure() comes before deserialize(): which registry?");
    String subject = isKey ? SchemaRegistry.keySubject(topic) : SchemaRegistry.valueSubject(topic);
    Schema expected =
        type == null
            ? ownSchema(WriterSchemas.byId(known, id), id, subject)
            : RecordModel.INSTANCE.getSchema(type);
    Schema writer = writers.readableAs(expected, known, id, subject);
    boolean isOwnAggregate =
        expected.equals(Aggregate.getClassSchema()) && AggregateReader.reads(writer);
    return new Decoding<>(
        writer,
        new SpecificDatumReader<>(writer, expected, RecordModel.INSTANCE),
        isOwnAggregate ? new AggregateReader(cursor) : null);
  }

  private static Schema ownSchema(Schema writer, int id, String subject) {
    Class<?> named = RecordModel.isOurs(writer) ? RecordModel.INSTANCE.getClass(writer) : null;
    if (named == null) {
      throw new WireException(
          OTHER_SUBJECT,
          "schema "
              + id
              + " is of "
              + writer.getFullName()
              + ", expected a record of Tailrace on "
              + subject);
    }
    return RecordModel.INSTANCE.getSchema(named);
  }
}
