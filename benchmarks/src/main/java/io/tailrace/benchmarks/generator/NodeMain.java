package io.tailrace.benchmarks.generator;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.LoadOptions;
import io.tailrace.generator.LoadSession;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.Publishing;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.screen.PlainScreen;
import io.tailrace.generator.screen.SummaryJson;
import io.tailrace.topics.Topics;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One load node as {@code tailrace load} runs it, in a process that was started for it. Arguments:
 * plan, run, and where to publish, if anywhere: brokers, registry, prefix of the topics.
 */
final class NodeMain {

  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private NodeMain() {}

  public static void main(String[] arguments) throws InterruptedException {
    Plan plan = PlanReader.read(SettingsSource.ofFile(Path.of(arguments[0]), Map.of()));
    LoadOptions options =
        new LoadOptions(
            arguments[1], "node-1", Share.WHOLE, 1, null, Duration.ofMinutes(1), WARM_UP);
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    LoadSession session =
        new LoadSession(plan, options, publishing(arguments), PlainScreen.silent(err));
    LoadSummary summary = session.run();
    System.out.println(SummaryJson.of(summary));
    System.exit(summary.isWhole() ? 0 : 1);
  }

  private static @Nullable Publishing publishing(String[] arguments) {
    if (arguments.length < 5) {
      return null;
    }
    return new Publishing(
        Map.of("bootstrap.servers", arguments[2], "schema.registry.url", arguments[3]),
        Topics.withPrefix(arguments[4]));
  }
}
