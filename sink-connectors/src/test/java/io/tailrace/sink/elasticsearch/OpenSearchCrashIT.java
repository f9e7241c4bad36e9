package io.tailrace.sink.elasticsearch;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.embedded.SearchProcess;
import io.tailrace.sink.process.PublishedWindows;
import io.tailrace.sink.process.SinkProcess;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The sink and OpenSearch are killed while windows come: in the end the index is the topic. */
@Timeout(300)
class OpenSearchCrashIT {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int KILLS = Integer.getInteger("tailrace.sink.kills", 3);
  private static final long START = 1_763_650_800_000_000L;

  @Test
  void theIndexEqualsTheTopicAfterKillsAndAnOutage(@TempDir Path folder) throws Exception {
    PublishedWindows windows = new PublishedWindows(START);
    Random random = new Random();
    try (SearchProcess search =
            SearchProcess.start(SearchProcess.Kind.OPENSEARCH, folder.resolve("search"));
        SinkProcess sink =
            new SinkProcess(
                folder,
                "elasticsearch",
                "hosts: [\"%s\"]\nindex: load\nevents: false\n".formatted(search.url()),
                Map.of(),
                windows.prefix())) {
      for (int kill = 0; kill < KILLS; kill++) {
        sink.start();
        int before = documents(search);
        while (documents(search) == before) {
          publishFor(windows, 100);
        }
        publishFor(windows, random.nextInt(1_000));
        if (kill == 0) {
          search.kill();
          publishFor(windows, 500);
          search.startAgain();
        }
        sink.kill();
      }
      sink.start();
      Map<String, Long> ledger = windows.ledger();
      await("what was published, in the index")
          .atMost(Duration.ofSeconds(60))
          .pollInterval(Duration.ofMillis(250))
          .until(() -> documents(search) == ledger.size());
      await()
          .atMost(Duration.ofSeconds(15))
          .untilAsserted(() -> assertThat(requests(search)).isEqualTo(ledger));
      TimeUnit.SECONDS.sleep(2);
      assertThat(requests(search)).as("when things have been quiet").isEqualTo(ledger);
    } finally {
      windows.close();
    }
  }

  private static void publishFor(PublishedWindows windows, int millis) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis);
    while (System.nanoTime() - end < 0) {
      windows.publish(2);
      TimeUnit.MILLISECONDS.sleep(20);
    }
  }

  private static int documents(SearchProcess search) throws Exception {
    search.send("POST", "/load*/_refresh", "");
    return JSON.readTree(search.send("GET", "/load*/_count", "")).path("count").asInt();
  }

  /** The requests of every document, by run, series, time and supplement. */
  private static Map<String, Long> requests(SearchProcess search) throws Exception {
    Map<String, Long> requests = new TreeMap<>();
    search.send("POST", "/load/_refresh", "");
    JsonNode page = JSON.readTree(search.send("POST", "/load/_search?scroll=1m&size=5000", "{}"));
    while (!page.at("/hits/hits").isEmpty()) {
      for (JsonNode hit : page.at("/hits/hits")) {
        JsonNode document = hit.path("_source");
        Instant time = Instant.parse(document.path("timestamp").asText());
        String key =
            PublishedWindows.key(
                document.path("run_id").asText(),
                document.path("series").asText(),
                TimeUnit.SECONDS.toMicros(time.getEpochSecond()) + time.getNano() / 1_000,
                document.path("supplement").asBoolean() ? document.path("revision").asText() : "");
        assertThat(requests.put(key, document.path("requests").asLong()))
            .as("one document for " + key)
            .isNull();
      }
      page =
          JSON.readTree(
              search.send(
                  "POST",
                  "/_search/scroll",
                  "{\"scroll\":\"1m\",\"scroll_id\":\"%s\"}"
                      .formatted(page.path("_scroll_id").asText())));
    }
    return requests;
  }
}
