package io.tailrace.aggregator.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** What is in a log is in its window, however much it is and whenever it is asked for. */
class SampleLogTest {
  private static final long SECOND = 1_000_000;

  private final PagePool pool = new PagePool(64);

  @Test
  void takesMoreSamplesThanItHolds() {
    LiveWindow window = newWindow();
    Ledger ledger = new Ledger(2_000);

    ledger.record(window, new Random(1), 3 * SampleLog.MOST_ENTRIES);

    ledger.assertIn(window);
  }

  @Test
  void countsTheSameWhenItIsAskedInBetween() {
    LiveWindow asked = newWindow();
    LiveWindow unasked = newWindow();
    Ledger ledger = new Ledger(3);
    for (int part = 0; part < 50; part++) {
      new Ledger(3).record(unasked, new Random(part), 37);
      ledger.record(asked, new Random(part), 37);
      ledger.assertIn(asked);
    }

    for (int series = 0; series < 3; series++) {
      try (CellTimes one = asked.cell(series).times();
          CellTimes other = unasked.cell(series).times()) {
        assertThat(one.responses().frame()).isEqualTo(other.responses().frame());
        assertThat(one.services().frame()).isEqualTo(other.services().frame());
      }
    }
  }

  @Test
  void manyWindowsTogetherTakeNoMoreThanThePoolGives() {
    List<LiveWindow> windows = new ArrayList<>();
    List<Ledger> ledgers = new ArrayList<>();
    for (int i = 0; i < 16; i++) {
      windows.add(newWindow());
      ledgers.add(new Ledger(10));
      ledgers.get(i).record(windows.get(i), new Random(i), 100_000);
    }

    for (int i = 0; i < windows.size(); i++) {
      ledgers.get(i).assertIn(windows.get(i));
    }
    windows.forEach(LiveWindow::recycle);
    int chunks = 0;
    while (pool.takeChunk() != null) {
      chunks++;
    }
    assertThat(chunks).as("chunks that came back").isEqualTo(PagePool.MOST_CHUNKS);
  }

  @Test
  void statusesThatAreTooManyAreCountedTogether() {
    LiveWindow window = newWindow();
    for (int round = 0; round < 2; round++) {
      for (int status = 100; status < 200; status++) {
        SampleLog log = window.log();
        log.add(log.place(0, status), 5);
      }
    }

    SeriesCell cell = window.cell(0);
    assertThat(cell.requests()).isEqualTo(200);
    assertThat(cell.statuses()).hasSize(33);
    assertThat(cell.statuses()[0].status).isEqualTo(SeriesCell.OTHER_STATUS);
    assertThat(cell.statuses()[0].requests()).isEqualTo(2 * (100 - 32));
  }

  private LiveWindow newWindow() {
    return new LiveWindow(pool, 0, SECOND, false);
  }

  private static final class Ledger {
    private final int series;
    private final long[] requests;
    private final long[] responses;
    private final long[] services;
    private final long[] lateness;

    Ledger(int series) {
      this.series = series;
      requests = new long[series];
      responses = new long[series];
      services = new long[series];
      lateness = new long[series];
    }

    void record(LiveWindow window, Random random, int samples) {
      SampleLog log = window.log();
      for (int i = 0; i < samples; i++) {
        int one = random.nextInt(series);
        long latency = 1L + random.nextInt(100_000);
        long delay = random.nextInt(8) == 0 ? random.nextInt(5_000) : 0;
        int place = log.place(one, random.nextInt(100) == 0 ? 500 : 200);
        if (delay == 0) {
          log.add(place, latency);
        } else {
          log.addBounded(place, latency, delay);
        }
        requests[one]++;
        responses[one] += latency + delay;
        services[one] += latency;
        lateness[one] += delay;
      }
    }

    void assertIn(LiveWindow window) {
      for (int one = 0; one < series; one++) {
        SeriesCell cell = window.cellOrNull(one);
        if (cell == null) {
          assertThat(requests[one]).isZero();
          continue;
        }
        assertThat(cell.requests()).isEqualTo(requests[one]);
        assertThat(cell.latenessSumMicros()).isEqualTo(lateness[one]);
        try (CellTimes times = cell.times()) {
          assertThat(times.responses().sum()).isEqualTo(responses[one]);
          assertThat(times.services().sum()).isEqualTo(services[one]);
          assertThat(times.services().count()).isEqualTo(requests[one]);
        }
      }
    }
  }
}
