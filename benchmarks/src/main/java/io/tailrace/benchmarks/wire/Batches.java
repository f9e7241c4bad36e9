package io.tailrace.benchmarks.wire;

import io.tailrace.record.Outcome;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.SampleBatchReader;
import io.tailrace.wire.SampleBatchWriter;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;

/** The same requests as a batch of columns and as a batch of rows. */
final class Batches {
  static final String TOPIC = "tailrace.samples";
  static final int ID = OneSchema.ID;

  final RequestMix mix;
  final SampleBatchWriter writer = new SampleBatchWriter(ID);
  final byte[] header;
  final byte[] columns;
  final byte[] rows;
  final long[] sentBase;
  final long[] receivedBase;

  Batches(int samples) {
    this(samples, 1);
  }

  Batches(int samples, long seed) {
    mix = new RequestMix(samples, seed);
    RequestMix.describe(writer);
    header = RequestMix.finish(writer);
    columns = mix.columns(writer);
    List<Outcome> outcomes = decoded().getOutcomes();
    sentBase = outcomes.stream().mapToLong(Outcome::getBytesSent).toArray();
    receivedBase = outcomes.stream().mapToLong(Outcome::getBytesReceived).toArray();
    rows = new RowCodec().encode(header, mix, sentBase, receivedBase);
  }

  /** Many different ones: a processor learns one batch's lengths by heart if it sees no other. */
  static Batches[] different(int count, int samples) {
    Batches[] batches = new Batches[count];
    Arrays.setAll(batches, seed -> new Batches(samples, seed));
    return batches;
  }

  private SampleBatch decoded() {
    try (AvroDeserializer<SampleBatch> avro =
        new AvroDeserializer<>(SampleBatch.class, new OneSchema(SampleBatch.getClassSchema()))) {
      return Objects.requireNonNull(avro.deserialize(TOPIC, columns));
    }
  }

  static SampleBatchReader reader() {
    return new SampleBatchReader(
        new OneSchema(SampleBatch.getClassSchema()), SchemaRegistry.valueSubject(TOPIC));
  }
}
