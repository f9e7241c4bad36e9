package io.tailrace.sink.process;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.service.Pages;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.runner.Backoff;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.topics.Topics;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.concurrent.CountDownLatch;

/** Runs one sink until it is killed: NAME BLOCK-FILE BOOTSTRAP-SERVERS REGISTRY TOPIC-PREFIX. */
final class SinkMain {
  private static final Pace PACE =
      new Pace(
          200,
          1 << 20,
          Duration.ofMillis(50),
          4,
          1 << 20,
          new Backoff(Duration.ofMillis(50), Duration.ofMillis(500)),
          Duration.ofSeconds(1),
          Duration.ofSeconds(5));

  private SinkMain() {}

  public static void main(String[] arguments) throws Exception {
    String name = arguments[0];
    SinkProvider provider =
        ServiceLoader.load(SinkProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    SinkMetrics metrics = SinkMetrics.of(name, new CollectorRegistry());
    SinkContext context =
        new SinkContext(
            name,
            Http.open(HttpConfig.DEFAULT.withTimeout(Duration.ofSeconds(10)), NetworkRules.DEFAULT),
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(OnceJournal.inMemory(), metrics),
            Clock.systemUTC());
    Settings settings =
        Settings.of(
            SettingsSource.ofYaml(Files.readString(Path.of(arguments[1])))
                .withEnvironment(System.getenv()));
    Sink sink =
        settings.read(
            block -> provider.options().read(block, its -> provider.create(its, context)));
    Map<String, Object> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", arguments[2]);
    kafka.put("schema.registry.url", arguments[3]);
    kafka.put("group.id", arguments[4] + name);
    // Who is started again is the member that was killed, and goes on at once.
    kafka.put("group.instance.id", name);
    try (SinkRunner runner =
        new SinkRunner(
            RunnerConfig.of(name, provider.feeds(), Topics.withPrefix(arguments[4]), kafka, PACE),
            sink,
            System::nanoTime)) {
      runner.start();
      new CountDownLatch(1).await();
    }
  }
}
