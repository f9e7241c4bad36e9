package io.tailrace.aggregator.window;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.SampleBatch;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.wire.SampleBatchReader;
import io.tailrace.wire.SampleBatchWriter;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.apache.avro.Schema;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is recorded a column at a time is what each sample says, one by one. */
class BatchRecorderTest {
  private static final long SECOND = 1_000_000;
  private static final long START = 1_790_000_000_000_000L;
  private static final long EARLIEST = START - SECOND;
  private static final long LATEST = START + 4 * SECOND;
  private static final long SKEW = 250;
  private static final int SCHEMA = 1;
  private static final int UNKNOWN = -1;

  private final PagePool pool = new PagePool(64);
  private final SeriesTable series = new SeriesTable(100);
  private final ErrorTable errors = new ErrorTable();
  private final BatchRecorder recorder = new BatchRecorder();
  private final SampleBatchWriter writer = new SampleBatchWriter(SCHEMA);
  private final SampleBatchReader reader =
      new SampleBatchReader(new OneSchema(), "tailrace.samples-value");
  private final Map<Long, LiveWindow> windows = new TreeMap<>();
  private final Map<String, long[]> ledger = new HashMap<>();

  /** Sums by window and series, in this order. */
  private static final int REQUESTS = 0;

  private static final int ERRORS = 1;
  private static final int CLAMPED = 2;
  private static final int LATENESS = 3;
  private static final int SENT = 4;
  private static final int RECEIVED = 5;
  private static final int FIRST_BYTE = 6;
  private static final int FIRST_BYTES_KNOWN = 7;
  private static final int SERVICE = 8;
  private static final int RESPONSE = 9;

  private long published;
  private long late;
  private long tooEarly;
  private long tooLate;

  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4, 5, 6, 7, 8})
  void everySampleCountsOnceWhereItBelongs(long seed) {
    Random random = new Random(seed);
    for (int batch = 0; batch < 60; batch++) {
      take(random);
    }

    Map<String, long[]> recorded = new HashMap<>();
    windows.forEach(
        (start, window) -> {
          for (int number = 0; number < window.seriesBound(); number++) {
            SeriesCell cell = window.cellOrNull(number);
            if (cell != null) {
              recorded.put(start + " " + series.series(number).getName(), sums(cell));
            }
          }
        });
    assertThat(recorded.keySet()).isEqualTo(ledger.keySet());
    recorded.forEach((at, sums) -> assertThat(sums).as(at).isEqualTo(ledger.get(at)));
    assertThat(
            ledger.values().stream().mapToLong(sums -> sums[REQUESTS]).sum() + tooEarly + tooLate)
        .isEqualTo(published);
  }

  private static long[] sums(SeriesCell cell) {
    long[] sums = new long[10];
    Transfers transfers = cell.transfers();
    sums[REQUESTS] = cell.requests();
    sums[ERRORS] = cell.errors();
    sums[CLAMPED] = cell.clamped();
    sums[LATENESS] = cell.latenessSumMicros();
    sums[SENT] = transfers.bytesSent();
    sums[RECEIVED] = transfers.bytesReceived();
    sums[FIRST_BYTE] = transfers.firstByteSum();
    sums[FIRST_BYTES_KNOWN] = transfers.firstByteCount();
    try (CellTimes times = cell.times()) {
      sums[RESPONSE] = times.responses().sum();
      sums[SERVICE] = times.services().sum();
    }
    return sums;
  }

  /** A batch in whose windows the samples jump about, or all of which end in one. */
  private void take(Random random) {
    boolean jumps = random.nextBoolean();
    boolean odd = random.nextBoolean();
    writer.begin("run", "node", START);
    int samples = 1 + random.nextInt(400);
    long start = START + random.nextInt(4) * SECOND;
    long lateBefore = late;
    long earlyBefore = tooEarly;
    long tooLateBefore = tooLate;
    for (int i = 0; i < samples; i++) {
      long end = start + random.nextInt((int) SECOND);
      if (jumps) {
        end = START + random.nextInt(7_000_000) - 2 * SECOND;
      }
      sample(random, end, odd);
    }
    published += samples;
    reader.read(writer.finish(0, 0, 0, LATEST, LATEST));

    recorder.record(reader, series, errors, this::startingAt, SECOND, SKEW, EARLIEST, LATEST);

    assertThat(recorder.late()).isEqualTo(late - lateBefore);
    assertThat(recorder.rejectedBeforeRun()).isEqualTo(tooEarly - earlyBefore);
    assertThat(recorder.rejectedAfterSending()).isEqualTo(tooLate - tooLateBefore);
    assertThat(recorder.counted())
        .isEqualTo(samples - (tooEarly - earlyBefore) - (tooLate - tooLateBefore));
  }

  private LiveWindow startingAt(long startMicros) {
    return windows.computeIfAbsent(
        startMicros, start -> new LiveWindow(pool, start, SECOND, isLate(start)));
  }

  private static boolean isLate(long startMicros) {
    return startMicros < START + SECOND;
  }

  private void sample(Random random, long end, boolean odd) {
    String name = "series " + random.nextInt(30);
    int number = writer.series(name, "GET", "", Map.of());
    boolean failed = random.nextInt(5) == 0;
    int status = failed ? 500 + random.nextInt(3) : 200;
    int outcome = writer.outcome(number, status, failed ? "HTTP " + status : null);
    long latency = odd ? oddTime(random) : 1 + random.nextInt(100_000);
    long delay = random.nextInt(4) == 0 ? (odd ? oddTime(random) : random.nextInt(5_000)) : 0;
    boolean knowsFirstByte = !odd || random.nextInt(3) > 0;
    long firstByte = knowsFirstByte && latency > 0 ? latency / 2 : UNKNOWN;
    long sent = odd && random.nextInt(3) == 0 ? UNKNOWN : random.nextInt(1_000);
    long received = odd && random.nextInt(50) == 0 ? Long.MAX_VALUE / 8 : random.nextInt(100_000);
    writer.sample(outcome, end, latency, delay, firstByte, 0, sent, received);

    long corrected = end + SKEW;
    if (corrected < EARLIEST) {
      tooEarly++;
      return;
    }
    if (corrected > LATEST) {
      tooLate++;
      return;
    }
    long window = Math.floorDiv(corrected, SECOND) * SECOND;
    late += isLate(window) ? 1 : 0;
    long[] sums = ledger.computeIfAbsent(window + " " + name, absent -> new long[10]);
    long hour = 3_600 * SECOND;
    long service = Math.max(1, Math.min(hour, latency));
    long lateness = Math.max(0, Math.min(hour, delay));
    long response = Math.min(hour, service + lateness);
    sums[REQUESTS]++;
    sums[ERRORS] += failed ? 1 : 0;
    sums[CLAMPED] +=
        service != latency || lateness != delay || response != service + lateness ? 1 : 0;
    sums[LATENESS] += lateness;
    sums[SERVICE] += service;
    sums[RESPONSE] += response;
    sums[SENT] += Math.max(0, sent);
    sums[RECEIVED] += Math.min(received, 1L << 33);
    if (firstByte >= 0) {
      sums[FIRST_BYTE] += Math.min(hour, firstByte);
      sums[FIRST_BYTES_KNOWN]++;
    }
  }

  private static long oddTime(Random random) {
    long[] odd = {-5, 0, 1, 3_600 * SECOND, 3_600 * SECOND + 1, 1L << 40, 17};
    return odd[random.nextInt(odd.length)];
  }

  private static final class OneSchema implements SchemaRegistry {
    @Override
    public int register(String subject, Schema schema) {
      return SCHEMA;
    }

    @Override
    public Schema byId(int id) {
      return SampleBatch.getClassSchema();
    }

    @Override
    public int idOf(String subject, Schema schema) {
      return SCHEMA;
    }
  }
}
