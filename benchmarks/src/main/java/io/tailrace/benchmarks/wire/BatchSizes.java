package io.tailrace.benchmarks.wire;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import org.apache.kafka.common.compress.Compression;
import org.apache.kafka.common.record.internal.RecordBatch;
import org.apache.kafka.common.utils.ByteBufferOutputStream;

/** Prints the bytes that a sample takes, as columns and as rows, by Kafka's own compressors. */
public final class BatchSizes {
  private static final int[] SAMPLES = {100, 1_000, 3_000, 10_000};

  private BatchSizes() {}

  public static void main(String[] args) throws IOException {
    PrintStream out = System.out;
    out.printf("%8s %-8s %8s %8s %8s%n", "samples", "layout", "raw", "lz4", "zstd");
    for (int samples : SAMPLES) {
      Batches batches = new Batches(samples);
      print(out, samples, "columns", batches.columns);
      print(out, samples, "rows", batches.rows);
    }
  }

  private static void print(PrintStream out, int samples, String layout, byte[] batch)
      throws IOException {
    out.printf(
        "%8d %-8s %8.2f %8.2f %8.2f%n",
        samples,
        layout,
        (double) batch.length / samples,
        (double) compressed(Compression.lz4().build(), batch) / samples,
        (double) compressed(Compression.zstd().build(), batch) / samples);
  }

  private static int compressed(Compression compression, byte[] batch) throws IOException {
    ByteBufferOutputStream buffer = new ByteBufferOutputStream(batch.length);
    try (OutputStream out = compression.wrapForOutput(buffer, RecordBatch.MAGIC_VALUE_V2)) {
      out.write(batch);
    }
    return buffer.position();
  }
}
