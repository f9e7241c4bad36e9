package io.tailrace.sink.results;

import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.service.Shutdown;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.sink.core.service.SinkService;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** The results sink as a process of its own, for tests that kill it. */
final class ResultsProcess {
  private ResultsProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Settings root =
        Settings.of(SettingsSource.ofFile(Path.of(arguments[0]), Map.of()))
            .declare("kafka", "outputs", "service", "topics", "integrations");
    Shutdown shutdown = Shutdown.install(Duration.ofSeconds(20));
    SinkService service =
        shutdown.closing(
            "sinks", SinkService.start(Outputs.open(root, "results", ResultsProcess::given)));
    service.awaitEnd();
  }

  private static KafkaConnection given(KafkaConnection kafka) {
    return kafka;
  }
}
