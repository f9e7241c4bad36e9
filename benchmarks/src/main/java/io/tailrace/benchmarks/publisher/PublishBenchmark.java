package io.tailrace.benchmarks.publisher;

import io.tailrace.publisher.CloseReport;
import io.tailrace.publisher.Outcome;
import io.tailrace.publisher.SamplePublisher;
import io.tailrace.record.LeaveReason;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.io.BinaryEncoder;
import org.apache.avro.io.EncoderFactory;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Samples a second from one process into an embedded broker, all acknowledged, beside one record
 * per sample from a well-set producer in the same run. Arguments: rounds, and compression types.
 */
public final class PublishBenchmark {

  private static final int SAMPLES = 10_000_000;
  private static final int RECORDS = 1_000_000;
  private static final int BETWEEN_LOOKS = 4_096;
  private static final long MOST_BEHIND = 200_000;

  private final SamplesTopic topic;
  private final MadeUpSamples samples = new MadeUpSamples();
  private final PrintStream out;
  private int runs;

  private PublishBenchmark(SamplesTopic topic, PrintStream out) {
    this.topic = topic;
    this.out = out;
  }

  public static void main(String[] arguments) throws IOException {
    int rounds = arguments.length > 0 ? Integer.parseInt(arguments[0]) : 5;
    String[] compressions =
        arguments.length > 1
            ? Arrays.copyOfRange(arguments, 1, arguments.length)
            : new String[] {"lz4"};
    try (SamplesTopic topic = new SamplesTopic()) {
      PublishBenchmark benchmark = new PublishBenchmark(topic, System.out);
      for (String compression : compressions) {
        benchmark.compare(rounds, compression);
      }
    }
  }

  private void compare(int rounds, String compression) throws IOException {
    double[] batched = new double[rounds];
    double[] single = new double[rounds];
    batched(compression);
    single(compression);
    for (int round = 0; round < rounds; round++) {
      batched[round] = batched(compression);
      single[round] = single(compression);
    }
    Arrays.sort(batched);
    Arrays.sort(single);
    double ours = batched[rounds / 2];
    double theirs = single[rounds / 2];
    out.printf(
        "%s: publisher %.2f M samples/s (%.2f to %.2f), a record per sample %.2f M/s, ratio %.1f%n",
        compression, ours, batched[0], batched[rounds - 1], theirs, ours / theirs);
  }

  /** Millions of samples a second. */
  private double batched(String compression) {
    SamplePublisher publisher =
        topic.publisher("batched-" + runs++, Map.of("compression.type", compression));
    Outcome[] outcomes = samples.outcomes(publisher);
    long began = System.nanoTime();
    for (int i = 0; i < SAMPLES; i++) {
      int s = i % MadeUpSamples.COUNT;
      publisher.record(
          outcomes[s],
          publisher.nowMicros(),
          samples.latency[s],
          samples.delay[s],
          samples.firstByte[s],
          0,
          120,
          samples.received[s]);
      if (i % BETWEEN_LOOKS == 0) {
        while (publisher.stats().backlogSamples() > MOST_BEHIND) {
          LockSupport.parkNanos(100_000);
        }
      }
    }
    CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofMinutes(1));
    double seconds = (System.nanoTime() - began) / 1e9;
    if (!report.complete() || report.acknowledged() != SAMPLES) {
      throw new IllegalStateException("void: " + report);
    }
    return SAMPLES / seconds / 1e6;
  }

  private double single(String compression) throws IOException {
    Map<String, Object> properties = new HashMap<>();
    properties.put("bootstrap.servers", topic.bootstrapServers());
    properties.put("compression.type", compression);
    properties.put("acks", "all");
    properties.put("linger.ms", 20);
    properties.put("batch.size", 256 << 10);
    properties.put("buffer.memory", 64 << 20);
    String run = "single-" + runs++;
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(128);
    BinaryEncoder encoder = EncoderFactory.get().directBinaryEncoder(bytes, null);
    long began = System.nanoTime();
    try (KafkaProducer<String, byte[]> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new ByteArraySerializer())) {
      for (int i = 0; i < RECORDS; i++) {
        bytes.reset();
        encode(encoder, i % MadeUpSamples.COUNT, run);
        var unused =
            producer.send(new ProducerRecord<>("tailrace.samples", run, bytes.toByteArray()));
      }
      producer.flush();
      return RECORDS / ((System.nanoTime() - began) / 1e9) / 1e6;
    }
  }

  private void encode(BinaryEncoder encoder, int s, String run) throws IOException {
    String error = samples.error[s];
    encoder.writeString(run);
    encoder.writeString("benchmark");
    encoder.writeString(MadeUpSamples.name(samples.series[s]));
    encoder.writeString("GET");
    encoder.writeString("browse");
    encoder.writeInt(samples.status[s]);
    encoder.writeString(error == null ? "" : error);
    encoder.writeLong(System.currentTimeMillis() * 1_000);
    encoder.writeLong(samples.latency[s]);
    encoder.writeLong(samples.delay[s]);
    encoder.writeLong(samples.firstByte[s]);
    encoder.writeLong(0);
    encoder.writeLong(120);
    encoder.writeLong(samples.received[s]);
    encoder.flush();
  }
}
