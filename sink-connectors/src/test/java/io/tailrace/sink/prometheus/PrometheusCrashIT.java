package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.TestServer;
import io.tailrace.sink.process.PublishedWindows;
import io.tailrace.sink.process.SinkProcess;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sink is killed and Prometheus is away while windows come: in the end Prometheus has what the
 * topic has. {@code -Dtailrace.proof=long} kills more often and is away for a minute.
 */
@NeedsServer(TestServer.PROMETHEUS)
class PrometheusCrashIT {
  private static final boolean LONG = "long".equals(System.getProperty("tailrace.proof"));
  private static final int KILLS = LONG ? 10 : 2;
  private static final int BACKLOG = 3_000;

  /** Six seconds are enough on an idle machine; it was fifty with a commit every second. */
  private static final Duration SOON = Duration.ofSeconds(30);

  private static final int OUTAGE_MILLIS = LONG ? 60_000 : 1_000;

  @Test
  void prometheusEqualsTheTopicAfterKillsAndAnOutage(@TempDir Path folder) throws Exception {
    PublishedWindows windows = new PublishedWindows(yesterdayMicros());
    Random random = new Random();
    try (LocalServer prometheus = LocalServer.prometheus(folder, "");
        SinkProcess sink = remoteWriter(folder, prometheus, windows)) {
      for (int kill = 0; kill < KILLS; kill++) {
        sink.start();
        double before = counted(prometheus, windows);
        while (counted(prometheus, windows) <= before) {
          publishFor(windows, 100);
        }
        publishFor(windows, random.nextInt(1_000));
        if (kill == 0) {
          prometheus.kill();
          publishFor(windows, OUTAGE_MILLIS);
          prometheus.start();
          publishFor(windows, 500);
        }
        sink.kill();
      }
      windows.publishLast();
      sink.start();
      awaitEverything(Duration.ofSeconds(60), prometheus, sink, windows);
      Map<String, Double> expected = windows.totals();
      TimeUnit.SECONDS.sleep(2);
      assertThat(contents(prometheus, windows, "load_test_requests_total"))
          .as("when things have been quiet")
          .isEqualTo(expected);
      assertThat(contents(prometheus, windows, "histogram_count(load_test_response_time_seconds)"))
          .isEqualTo(expected);
    } finally {
      windows.close();
    }
  }

  /**
   * What is written and not yet committed comes again, is refused as a whole, and is told apart one
   * by one: that must not hold up what comes behind it.
   */
  @Test
  void goesOnSoonAfterItIsKilledWhileItCatchesUp(@TempDir Path folder) throws Exception {
    PublishedWindows windows = new PublishedWindows(yesterdayMicros());
    try (LocalServer prometheus = LocalServer.prometheus(folder, "");
        SinkProcess sink = remoteWriter(folder, prometheus, windows)) {
      windows.publish(BACKLOG);
      windows.publishLast();
      sink.start();
      await("the first of the last windows, in Prometheus")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(5))
          .until(() -> counted(prometheus, windows) > 0);
      sink.kill();
      sink.start();
      awaitEverything(SOON, prometheus, sink, windows);
    } finally {
      windows.close();
    }
  }

  private static long yesterdayMicros() {
    return TimeUnit.MILLISECONDS.toMicros(System.currentTimeMillis() - 86_400_000L);
  }

  private static void awaitEverything(
      Duration within, LocalServer prometheus, SinkProcess sink, PublishedWindows windows) {
    Map<String, Double> expected = windows.totals();
    await("what was published, in Prometheus")
        .atMost(within)
        .pollInterval(Duration.ofMillis(250))
        .untilAsserted(
            () ->
                assertThat(contents(prometheus, windows, "load_test_requests_total"))
                    .as(sink.log())
                    .isEqualTo(expected));
  }

  private static SinkProcess remoteWriter(
      Path folder, LocalServer prometheus, PublishedWindows windows) throws IOException {
    return new SinkProcess(
        folder,
        "prometheus",
        "scrape: false\nendpoint: %s\n".formatted(prometheus.url()),
        Map.of(),
        windows.prefix());
  }

  /** One window of each run at a time: Prometheus takes nothing that is an hour behind. */
  private static void publishFor(PublishedWindows windows, int millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      windows.publish(1);
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private static double counted(LocalServer prometheus, PublishedWindows windows) throws Exception {
    return contents(prometheus, windows, "load_test_requests_total").values().stream()
        .mapToDouble(each -> each)
        .sum();
  }

  private static Map<String, Double> contents(
      LocalServer prometheus, PublishedWindows windows, String promQl) throws Exception {
    return prometheus.query(
        "label_join(sum by (run_id, endpoint) (%s), \"id\", \"|\", \"run_id\", \"endpoint\")"
            .formatted(promQl),
        windows.endMicros() / 1e6,
        "id");
  }
}
