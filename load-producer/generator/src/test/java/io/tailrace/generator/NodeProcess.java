package io.tailrace.generator;

import io.tailrace.config.SettingsSource;
import io.tailrace.generator.plan.PlanReader;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.screen.PlainScreen;
import io.tailrace.topics.Topics;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;

/** One node as a process of its own. */
final class NodeProcess {

  private NodeProcess() {}

  public static void main(String[] arguments) throws Exception {
    Share share = Share.parse(arguments[2]);
    LoadOptions options =
        new LoadOptions(
            arguments[1],
            "node-" + (share.index() + 1),
            share,
            1,
            null,
            Duration.ofMinutes(2),
            Duration.ZERO);
    Map<String, Object> kafka =
        Map.of("bootstrap.servers", arguments[3], "schema.registry.url", arguments[4]);
    PrintWriter out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    LoadSession session =
        new LoadSession(
            PlanReader.read(SettingsSource.ofFile(Path.of(arguments[0]), Map.of())),
            options,
            new Publishing(kafka, Topics.withPrefix(arguments[5])),
            new PlainScreen(out, Duration.ofSeconds(1)));
    session.check(arguments[0], true);
    System.exit(session.run().isWhole() ? 0 : 1);
  }
}
