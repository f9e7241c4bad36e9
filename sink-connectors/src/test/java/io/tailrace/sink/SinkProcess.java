package io.tailrace.sink;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.sink.core.service.Outputs;
import io.tailrace.sink.core.service.SinkService;
import java.nio.file.Path;
import java.util.Map;

/** Sinks as a process of their own, for tests that kill it. */
final class SinkProcess {
  private SinkProcess() {}

  public static void main(String[] arguments) throws InterruptedException {
    Settings root =
        Settings.of(
                SettingsSource.ofFile(Path.of(arguments[0]), Map.of()).allowingLiteralSecrets(true))
            .declare("kafka", "outputs", "service", "topics", "integrations");
    SinkService service = SinkService.start(Outputs.open(root, Outputs.ALL, kafka -> kafka));
    service.awaitEnd();
  }
}
