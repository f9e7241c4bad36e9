package io.tailrace.benchmarks.wire;

import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** Encoding a batch, its dictionaries included; an operation is one sample. */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
public class BatchEncodeBenchmark {
  private static final int SAMPLES = BatchDecodeBenchmark.SAMPLES;

  private final Batches batches = new Batches(SAMPLES);
  private final RowCodec rowCodec = new RowCodec();

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public byte[] columns() {
    return batches.mix.columns(batches.writer);
  }

  @Benchmark
  @OperationsPerInvocation(SAMPLES)
  public byte[] rows() {
    RequestMix.describe(batches.writer);
    return rowCodec.encode(
        RequestMix.finish(batches.writer), batches.mix, batches.sentBase, batches.receivedBase);
  }
}
