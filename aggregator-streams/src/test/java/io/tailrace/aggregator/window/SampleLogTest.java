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
  void losesNothingThatIsLoggedOnBothSidesOfItsBeingFull() {
    LiveWindow window = newWindow();
    SampleLog log = window.log();
    fill(log, SampleLog.MOST_ENTRIES - 1);

    // From when it was due, the last one that there is room for; from when it was sent, the first
    // one that there is none for.
    log.addBounded(log.place(1, 200), 70, 30);

    try (CellTimes times = window.cell(1).times()) {
      assertThat(times.responses().sum()).isEqualTo(100);
      assertThat(times.services().count()).isEqualTo(1);
      assertThat(times.services().sum()).isEqualTo(70);
    }
  }

  @Test
  void takesSumsOfSamplesThatHaveLeftIt() {
    LiveWindow window = newWindow();
    SampleLog log = window.log();
    int place = log.place(1, 200);
    log.add(place, 70);
    fill(log, SampleLog.MOST_ENTRIES);

    log.addSums(place, 0, ofOne(40), ofOne(0), ofOne(180), ofOne(-1));

    Transfers transfers = window.cell(1).transfers();
    assertThat(transfers.firstByteSum()).isEqualTo(40);
    assertThat(transfers.firstByteCount()).isEqualTo(1);
    assertThat(transfers.connectMeanMicros()).isZero();
    assertThat(transfers.bytesSent()).isEqualTo(180);
    assertThat(transfers.knowsBytesReceived()).isFalse();
  }

  private static void fill(SampleLog log, int entries) {
    int place = log.place(0, 200);
    for (int i = 0; i < entries; i++) {
      log.add(place, 5);
    }
  }

  /** What one sample of the outcome 0 says. */
  private static ColumnSums ofOne(long value) {
    ColumnSums sums = new ColumnSums(1_000);
    sums.add(new long[] {value}, new int[] {0}, 0, 1, new int[] {0}, 1, 1);
    return sums;
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
