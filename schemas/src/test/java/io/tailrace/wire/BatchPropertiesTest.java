package io.tailrace.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.Outcome;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Series;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.apache.avro.Schema;
import org.apache.avro.generic.GenericData;
import org.apache.avro.generic.GenericDatumWriter;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.junit.jupiter.api.RepeatedTest;
import org.junit.jupiter.api.RepetitionInfo;

/** Holds the fast reader and writer to Avro's own result. */
class BatchPropertiesTest {
  private static final String TOPIC = "tailrace.samples";
  private static final String SUBJECT = "tailrace.samples-value";
  private static final Schema OURS = SampleBatch.getClassSchema();

  private final SchemasInMemory registry = new SchemasInMemory();
  private final int id = registry.register(SUBJECT, OURS);
  private final SampleBatchReader reader = new SampleBatchReader(registry, SUBJECT);
  private final AvroDeserializer<SampleBatch> avro =
      new AvroDeserializer<>(SampleBatch.class, registry);

  @RepeatedTest(150)
  void readsWhatAvroWrote(RepetitionInfo repetition) throws IOException {
    Random random = seeded(repetition);
    SampleBatch batch = new RandomBatches(random).next();
    byte[] value = written(id, OURS, batch, random.nextBoolean());
    reader.read(value);
    assertSame(batch);
    assertThat(avro.deserialize(TOPIC, value)).isEqualTo(batch);
  }

  @RepeatedTest(150)
  void writesWhatAvroReads(RepetitionInfo repetition) {
    Random random = seeded(repetition);
    RandomBatches batches = new RandomBatches(random);
    SampleBatch wanted = batches.next();
    SampleBatchWriter writer = new SampleBatchWriter(id);
    for (int round = 0; round < 2; round++) {
      byte[] value = Rewriting.columns(writer, wanted);
      reader.read(value);
      int estimate = writer.sizeEstimate();
      assertThat(value.length).isLessThanOrEqualTo(estimate);
      // What Avro reads of our bytes, read again from Avro's bytes, is the same batch.
      SampleBatch read = Objects.requireNonNull(avro.deserialize(TOPIC, value));
      assertSame(read);
      assertThat(Rewriting.samples(read)).isEqualTo(Rewriting.samples(wanted));
      wanted = batches.next();
    }
  }

  @RepeatedTest(20)
  void refusesWhatIsCutShortAnywhere(RepetitionInfo repetition) throws IOException {
    Random random = seeded(repetition);
    byte[] value = written(id, OURS, new RandomBatches(random).next(), false);
    int step = 1 + value.length / 400;
    for (int length = 0; length < value.length; length += step) {
      byte[] cut = Arrays.copyOf(value, length);
      assertThatThrownBy(() -> reader.read(cut))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.fault()).isEqualTo(WireFault.TRUNCATED));
      assertThatThrownBy(() -> avro.deserialize(TOPIC, cut))
          .isInstanceOfSatisfying(
              WireException.class, e -> assertThat(e.fault()).isEqualTo(WireFault.TRUNCATED));
    }
  }

  @RepeatedTest(300)
  void readsOrRefusesWhateverTheBytes(RepetitionInfo repetition) throws IOException {
    Random random = seeded(repetition);
    byte[] value = written(id, OURS, new RandomBatches(random).next(), random.nextBoolean());
    for (int i = 1 + random.nextInt(4); i > 0; i--) {
      value[5 + random.nextInt(value.length - 5)] = (byte) random.nextInt();
    }
    try {
      reader.read(value);
      assertThat(reader.sampleCount()).isLessThan(value.length);
    } catch (WireException refused) {
      assertThat(reader.sampleCount()).isZero();
    }
    try {
      avro.deserialize(TOPIC, value);
    } catch (WireException refused) {
      assertThat(refused.fault()).isNotNull();
    }
  }

  @RepeatedTest(60)
  void readsBatchesOfAnotherVersion(RepetitionInfo repetition) throws IOException {
    Random random = seeded(repetition);
    SampleBatch batch = new RandomBatches(random).next();
    Schema later = EvolvedSchemas.withOptionalFields(OURS);
    int laterId = registry.register(SUBJECT, later);
    GenericData.Record record = new GenericData.Record(later);
    record.put("weather", "rain");
    for (Schema.Field field : OURS.getFields()) {
      record.put(field.name(), batch.get(field.pos()));
    }
    reader.read(written(laterId, later, record, random.nextBoolean()));
    assertSame(batch);
  }

  /** A failure comes again with the number of its repetition. */
  private static Random seeded(RepetitionInfo repetition) {
    return new Random(repetition.getCurrentRepetition());
  }

  private static byte[] written(int id, Schema schema, Object batch, boolean blocks)
      throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.writeBytes(new byte[WireFormat.HEADER_BYTES]);
    // Other writers count their blocks in negative numbers and say their sizes.
    BinaryEncoder encoder =
        blocks
            ? new EncoderFactory().configureBlockSize(64).blockingBinaryEncoder(out, null)
            : EncoderFactory.get().binaryEncoder(out, null);
    new GenericDatumWriter<>(schema, RecordModel.INSTANCE).write(batch, encoder);
    encoder.flush();
    byte[] value = out.toByteArray();
    WireFormat.putHeader(value, id);
    return value;
  }

  private void assertSame(SampleBatch batch) {
    assertThat(reader.run()).isEqualTo(batch.getRun());
    assertThat(reader.node()).isEqualTo(batch.getNode());
    assertThat(reader.epochMicros()).isEqualTo(batch.getEpochMicros());
    assertThat(reader.sequence()).isEqualTo(batch.getSequence());
    assertThat(reader.publishedBefore()).isEqualTo(batch.getPublishedBefore());
    assertThat(reader.droppedSamples()).isEqualTo(batch.getDroppedSamples());
    assertThat(reader.sentMicros()).isEqualTo(batch.getSentMicros());
    assertThat(reader.watermarkMicros()).isEqualTo(batch.getWatermarkMicros());
    assertThat(reader.joined()).isEqualTo(batch.getJoined());
    assertThat(reader.left()).isEqualTo(batch.getLeft());
    assertThat(reader.health()).isEqualTo(batch.getHealth());
    assertSameDictionaries(batch);
    assertThat(reader.sampleCount()).isEqualTo(batch.getOutcome().size());
    assertThat(Rewriting.samples(reader)).isEqualTo(Rewriting.samples(batch));
  }

  private void assertSameDictionaries(SampleBatch batch) {
    List<Series> series = batch.getSeries();
    assertThat(reader.seriesCount()).isEqualTo(series.size());
    for (int i = 0; i < series.size(); i++) {
      assertThat(reader.series(i)).isEqualTo(series.get(i));
      byte[] slice =
          Arrays.copyOfRange(
              reader.bytes(),
              reader.seriesOffset(i),
              reader.seriesOffset(i) + reader.seriesLength(i));
      ByteCursor cursor = new ByteCursor();
      cursor.reset(slice, 0, slice.length);
      AvroCheck.skip(Series.getClassSchema(), cursor);
      cursor.requireEnd("series");
    }
    List<Outcome> outcomes = batch.getOutcomes();
    assertThat(reader.outcomeCount()).isEqualTo(outcomes.size());
    for (int o = 0; o < outcomes.size(); o++) {
      Outcome outcome = outcomes.get(o);
      assertThat(reader.outcomeSeries(o)).isEqualTo(outcome.getSeries());
      assertThat(reader.outcomeStatus(o)).isEqualTo(outcome.getStatus());
      assertThat(reader.outcomeFailed(o)).isEqualTo(outcome.getError() != null);
      assertThat(reader.error(o)).isEqualTo(outcome.getError());
      if (outcome.getError() != null) {
        assertThat(
                new String(
                    reader.bytes(),
                    reader.errorOffset(o),
                    reader.errorLength(o),
                    StandardCharsets.UTF_8))
            .isEqualTo(outcome.getError());
      }
    }
  }
}
