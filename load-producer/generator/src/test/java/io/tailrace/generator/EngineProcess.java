package io.tailrace.generator;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.PlanReader;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** Runs a plan in a process of its own, with a heap of its own, and says what came of it. */
final class EngineProcess {

  private EngineProcess() {}

  public static void main(String[] arguments) {
    try (LoadRun run =
        LoadRun.prepare(
            PlanReader.read(SettingsSource.ofFile(Path.of(arguments[0]), Map.of())),
            RunOptions.alone(),
            SampleSink.NONE)) {
      run.begin();
      if (!run.await(Duration.ofSeconds(60))) {
        System.exit(1);
      }
      Progress progress = run.progress();
      System.out.printf(
          "%d %d %d %s%n",
          progress.due(),
          progress.finished(),
          progress.bytesReceived(),
          progress.errorsByKind().keySet());
    }
    System.exit(0);
  }
}
