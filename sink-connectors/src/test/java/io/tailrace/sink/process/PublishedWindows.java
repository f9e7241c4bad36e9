package io.tailrace.sink.process;

import io.tailrace.embedded.TestKafka;
import io.tailrace.histogram.HistogramFrame;
import io.tailrace.record.Aggregate;
import io.tailrace.record.StatusShare;
import io.tailrace.sink.TestAggregates;
import io.tailrace.topics.TopicCatalogue;
import io.tailrace.topics.Topics;
import io.tailrace.wire.AvroSerializer;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.StringSerializer;

/**
 * Windows, corrections and supplements of several runs in a topic, and a ledger of what a target
 * must hold of them in the end.
 */
public final class PublishedWindows {
  private static final int RUNS = 4;
  private static final int SERIES = 3;

  private final TestKafka kafka = TestKafka.shared();
  private final String prefix = kafka.uniqueName("proof") + ".";
  private final Random random = new Random(17);
  private final long startMicros;
  private final Map<String, Long> ledger = new TreeMap<>();
  private final KafkaProducer<String, Aggregate> producer;
  private int window;

  public PublishedWindows(long startMicros) {
    this.startMicros = startMicros;
    try (Admin admin = Admin.create(new HashMap<>(kafka.clientProperties()))) {
      new TopicCatalogue(Topics.withPrefix(prefix), 4).create(admin, (short) 1);
    }
    Map<String, Object> properties = new HashMap<>(kafka.clientProperties());
    AvroSerializer<Aggregate> values = new AvroSerializer<>();
    values.configure(properties, false);
    this.producer = new KafkaProducer<>(properties, new StringSerializer(), values);
  }

  public String prefix() {
    return prefix;
  }

  /** The next windows of every run; some older ones are corrected, some have something to add. */
  public void publish(int windows) {
    for (int end = window + windows; window < end; window++) {
      for (int run = 0; run < RUNS; run++) {
        for (int series = 0; series < SERIES; series++) {
          long requests = 1L + random.nextInt(1_000_000);
          send(run, series, window, 0, false, requests);
          if (random.nextInt(10) == 0) {
            // What was late is added to what was there.
            requests += 1L + random.nextInt(1_000);
            send(run, series, window, 1, false, requests);
            send(run, series, window, 2, false, requests + 1L + random.nextInt(1_000));
          }
          if (random.nextInt(20) == 0) {
            send(run, series, window, number(series), true, 1L + random.nextInt(1_000));
          }
        }
      }
    }
    producer.flush();
  }

  /** A last window of every run, without corrections: what went before is told with it. */
  public void publishLast() {
    for (int run = 0; run < RUNS; run++) {
      for (int series = 0; series < SERIES; series++) {
        send(run, series, window, 0, false, 1);
      }
    }
    window++;
    producer.flush();
  }

  /** When the last window ended. */
  public long endMicros() {
    return startMicros + window * 1_000_000L;
  }

  /** Supplements of a run are numbered. */
  private int number(int series) {
    return window * SERIES + series + 1;
  }

  private void send(
      int run, int series, int number, int revision, boolean supplement, long requests) {
    String name = "r" + run;
    long start = startMicros + number * 1_000_000L;
    Aggregate aggregate =
        TestAggregates.window(name, "GET /" + series + " \"=,\\", start, requests);
    aggregate.setByStatus(List.of(new StatusShare(200, requests, 0L, null)));
    Histogram times = new Histogram(3_600_000_000L, 3);
    times.recordValueWithCount(10_000, requests);
    aggregate.setResponseHistogram(ByteBuffer.wrap(HistogramFrame.encode(times)));
    aggregate.setRevision(revision);
    aggregate.setSupplement(supplement);
    var unused =
        producer.send(new ProducerRecord<>(Topics.withPrefix(prefix).windows(), name, aggregate));
    ledger.put(key(aggregate), requests);
  }

  /** What tells one window from all others, whatever its revision. */
  public static String key(Aggregate aggregate) {
    return key(
        aggregate.getRun(),
        aggregate.getSeries().getName(),
        aggregate.getWindowStartMicros(),
        aggregate.getSupplement() ? Integer.toString(aggregate.getRevision()) : "");
  }

  public static String key(String run, String series, long startMicros, String supplement) {
    return run + "|" + series + "|" + startMicros + "|" + supplement;
  }

  /** How many requests every series of every run must have, as RUN|SERIES. */
  public Map<String, Double> totals() {
    Map<String, Double> totals = new TreeMap<>();
    ledger.forEach(
        (key, requests) -> {
          String[] parts = key.split("\\|", 3);
          totals.merge(parts[0] + "|" + parts[1], (double) requests, Double::sum);
        });
    return totals;
  }

  /** How many requests each window must have in the end: those of its last revision. */
  public Map<String, Long> ledger() {
    return Map.copyOf(ledger);
  }

  public void close() {
    producer.close();
  }
}
