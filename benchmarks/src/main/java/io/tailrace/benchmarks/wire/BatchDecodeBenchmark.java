package io.tailrace.benchmarks.wire;

import io.tailrace.benchmarks.wire.rows.RowBatch;
import io.tailrace.benchmarks.wire.rows.SampleRow;
import io.tailrace.record.Outcome;
import io.tailrace.record.SampleBatch;
import io.tailrace.wire.SampleBatchReader;
import java.io.IOException;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.io.BinaryDecoder;
import org.apache.avro.io.DecoderFactory;
import org.apache.avro.specific.SpecificDatumReader;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Level;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Decoding a batch and adding up every value of every sample; an operation is one sample. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
    value = 1,
    jvmArgsAppend =
        "-Dorg.apache.avro.SERIALIZABLE_PACKAGES=io.tailrace.record,io.tailrace.benchmarks")
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchDecodeBenchmark {
  static final int SAMPLES = 1_000;
  private static final int BATCHES = 64;

  private final SampleBatchReader reader = Batches.reader();
  private final RowCodec rowCodec = new RowCodec();
  private final SpecificDatumReader<RowBatch> rowRecords =
      new SpecificDatumReader<>(RowBatch.class);
  private final SpecificDatumReader<SampleBatch> columnRecords =
      new SpecificDatumReader<>(SampleBatch.class);
  private final Batches[] all = Batches.different(BATCHES, SAMPLES);
  private int turn;
  private Batches batches = all[0];
  private @Nullable BinaryDecoder decoder;

  @Setup(Level.Trial)
  public void checkThatAllSeeTheSame() throws IOException {
    for (Batches each : all) {
      batches = each;
      long expected = visitColumns();
      if (visitRows() != expected
          || visitAvroRows() != expected
          || visitAvroColumns() != expected) {
        throw new IllegalStateException("the readers disagree");
      }
    }
  }

  private void next() {
    turn = (turn + 1) % BATCHES;
    batches = all[turn];
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long columns() {
    next();
    return visitColumns();
  }

  private long visitColumns() {
    reader.read(batches.columns);
    int count = reader.sampleCount();
    int[] outcome = reader.outcomes();
    long[] end = reader.endMicros();
    long[] latency = reader.latencyMicros();
    long[] delay = reader.delayMicros();
    long[] firstByte = reader.firstByteMicros();
    long[] connect = reader.connectMicros();
    long[] sent = reader.bytesSent();
    long[] received = reader.bytesReceived();
    long sum = 0;
    for (int i = 0; i < count; i++) {
      sum += outcome[i] + end[i] + latency[i] + delay[i];
      sum += firstByte[i] + connect[i] + sent[i] + received[i];
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long rows() {
    next();
    return visitRows();
  }

  private long visitRows() {
    reader.read(batches.header);
    return rowCodec.visit(batches.rows, batches.sentBase, batches.receivedBase);
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long avroRows() throws IOException {
    next();
    return visitAvroRows();
  }

  private long visitAvroRows() throws IOException {
    decoder = DecoderFactory.get().binaryDecoder(batches.rows, decoder);
    RowBatch batch = rowRecords.read(null, decoder);
    long end = batch.getBaseMicros();
    long sum = 0;
    for (SampleRow row : batch.getSamples()) {
      end += row.getEndMicros();
      sum += row.getOutcome() + end + row.getLatencyMicros() + row.getDelayMicros();
      sum += row.getLatencyMicros() - row.getBodyMicros() + row.getConnectMicros();
      sum += batches.sentBase[row.getOutcome()] + row.getBytesSent();
      sum += batches.receivedBase[row.getOutcome()] + row.getBytesReceived();
    }
    return sum;
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public long avroColumns() throws IOException {
    next();
    return visitAvroColumns();
  }

  private long visitAvroColumns() throws IOException {
    byte[] value = batches.columns;
    decoder = DecoderFactory.get().binaryDecoder(value, 5, value.length - 5, decoder);
    SampleBatch batch = columnRecords.read(null, decoder);
    List<Integer> outcome = batch.getOutcome();
    List<Outcome> outcomes = batch.getOutcomes();
    long end = batch.getBaseMicros();
    long sum = 0;
    for (int i = 0; i < outcome.size(); i++) {
      Outcome bases = outcomes.get(outcome.get(i));
      end += batch.getEndMicros().get(i);
      long latency = batch.getLatencyMicros().get(i);
      sum += outcome.get(i) + end + latency + batch.getDelayMicros().get(i);
      sum += latency - batch.getBodyMicros().get(i) + batch.getConnectMicros().get(i);
      sum += bases.getBytesSent() + batch.getBytesSent().get(i);
      sum += bases.getBytesReceived() + batch.getBytesReceived().get(i);
    }
    return sum;
  }
}
