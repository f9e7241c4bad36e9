package io.tailrace.wire;

import static io.tailrace.wire.WireFault.INCOMPATIBLE_SCHEMA;

import io.tailrace.record.RunDescription;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.SchemaRegistry;
import java.io.IOException;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.avro.SchemaNormalization;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.io.EncoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.apache.avro.specific.SpecificDatumWriter;
import org.jspecify.annotations.Nullable;

/**
 * Which layout a batch has by its schema's id: ours, to be read as it is, or another version's,
 * which Avro resolves into ours first.
 */
final class BatchSchemas {
  private static final Schema OURS = SampleBatch.getClassSchema();
  private static final byte[] OUR_FINGERPRINT = fingerprint(OURS);
  private static final Schema DESCRIPTION = RunDescription.getClassSchema();

  private final WriterSchemas writers = new WriterSchemas();
  private final SchemaRegistry registry;
  private final String subject;
  private final Map<Integer, Foreign> foreign = new HashMap<>();
  private @Nullable Integer lastOwn;

  private record Foreign(Schema writer, SpecificDatumReader<SampleBatch> reader) {}

  BatchSchemas(SchemaRegistry registry, String subject) {
    this.registry = registry;
    this.subject = subject;
  }

  /** Sets the cursor to a body of our own layout. */
  void open(byte[] value, ByteCursor in) {
    int id = WireFormat.schemaId(value);
    in.reset(value, WireFormat.HEADER_BYTES, value.length);
    if (lastOwn != null && lastOwn == id) {
      return;
    }
    Foreign known = foreign.get(id);
    if (known == null) {
      Schema writer = writers.readableAs(OURS, registry, id, subject);
      if (Arrays.equals(fingerprint(writer), OUR_FINGERPRINT)) {
        lastOwn = id;
        return;
      }
      known = new Foreign(writer, new SpecificDatumReader<>(writer, OURS, RecordModel.INSTANCE));
      foreign.put(id, known);
    }
    byte[] ours = resolve(known, in);
    in.reset(ours, 0, ours.length);
  }

  // Encoded anew in our layout rather than read field by field: one way of reading a batch, and the
  // same checks for every writer.
  private byte[] resolve(Foreign writer, ByteCursor in) {
    int start = in.position;
    AvroCheck.skip(writer.writer(), in);
    in.requireEnd("SampleBatch");
    AvroBuffer out = new AvroBuffer(2 * (in.end - start));
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(out, null);
    try {
      SampleBatch batch =
          writer
              .reader()
              .read(
                  null, DecoderFactory.get().binaryDecoder(in.bytes, start, in.end - start, null));
      new SpecificDatumWriter<SampleBatch>(OURS, RecordModel.INSTANCE).write(batch, encoder);
      encoder.flush();
      return out.toBytes();
    } catch (IOException | RuntimeException e) {
      throw new WireException(
          INCOMPATIBLE_SCHEMA, "a batch of another version of " + subject + ": " + e, e);
    }
  }

  /** Reads the description that an epoch's first batch carries. */
  static RunDescription readDescription(ByteCursor in) {
    int start = in.position;
    AvroCheck.skip(DESCRIPTION, in);
    try {
      return new SpecificDatumReader<RunDescription>(DESCRIPTION, DESCRIPTION, RecordModel.INSTANCE)
          .read(
              null, DecoderFactory.get().binaryDecoder(in.bytes, start, in.position - start, null));
    } catch (IOException | RuntimeException e) {
      throw new WireException(INCOMPATIBLE_SCHEMA, "joined: " + e, e);
    }
  }

  private static byte[] fingerprint(Schema schema) {
    try {
      return SchemaNormalization.parsingFingerprint("SHA-256", schema);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java platform has SHA-256", e);
    }
  }
}
