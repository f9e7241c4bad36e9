package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import io.tailrace.embedded.InfluxProcess;
import io.tailrace.embedded.NeedsServer;
import io.tailrace.embedded.TestServer;
import io.tailrace.sink.process.PublishedWindows;
import io.tailrace.sink.process.SinkProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The sink and InfluxDB are killed while windows come: in the end the database is the topic. {@code
 * -Dtailrace.proof=long} kills more often and is away for a minute.
 */
@NeedsServer(TestServer.INFLUXDB)
class InfluxCrashIT {
  private static final boolean LONG = "long".equals(System.getProperty("tailrace.proof"));
  private static final int KILLS = LONG ? 10 : 2;
  private static final int OUTAGE_MILLIS = LONG ? 60_000 : 1_000;

  @Test
  void theDatabaseEqualsTheTopicAfterKillsAndAnOutage(@TempDir Path folder) throws Exception {
    long start =
        TimeUnit.SECONDS.toMicros(
            TimeUnit.MILLISECONDS.toSeconds(System.currentTimeMillis()) - 86_400);
    PublishedWindows windows = new PublishedWindows(start);
    Random random = new Random();
    try (InfluxProcess influx = InfluxProcess.start(folder.resolve("influx"));
        SinkProcess sink =
            new SinkProcess(
                folder,
                "influxdb",
                "url: %s\ndatabase: load\nretention_policy: 30d\nmeasurement: m\n"
                    .formatted(influx.url()),
                Map.of(),
                windows.prefix())) {
      for (int kill = 0; kill < KILLS; kill++) {
        sink.start();
        int before = points(influx);
        while (points(influx) == before) {
          publishFor(windows, 100);
        }
        publishFor(windows, random.nextInt(1_000));
        if (kill == 0) {
          influx.kill();
          publishFor(windows, OUTAGE_MILLIS);
          influx.startAgain();
          publishFor(windows, 500);
        }
        sink.kill();
      }
      sink.start();
      Map<String, Long> ledger = windows.ledger();
      await("what was published, in the database")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> points(influx) == ledger.size());
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(requests(influx)).isEqualTo(ledger));
      TimeUnit.SECONDS.sleep(2);
      assertThat(requests(influx)).as("when things have been quiet").isEqualTo(ledger);
    } finally {
      windows.close();
    }
  }

  private static void publishFor(PublishedWindows windows, int millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      windows.publish(5);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static int points(InfluxProcess influx) throws Exception {
    try {
      return requests(influx).size();
    } catch (IllegalStateException e) {
      // The sink has not created the database yet.
      return 0;
    }
  }

  private static Map<String, Long> requests(InfluxProcess influx) throws Exception {
    return InfluxContents.requests(influx, "m");
  }
}
