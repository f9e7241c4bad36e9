package io.tailrace.benchmarks.generator;

import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.sun.management.OperatingSystemMXBean;
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
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.lang.management.CompilationMXBean;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Runs one node after another as {@code tailrace load} does, in one process, so that what was
 * compiled stays compiled. Arguments: brokers, registry, prefix of the topics. Each line of its
 * input is a plan, a run, and {@code publish} or {@code alone}; each line of its output a summary.
 */
final class NodeMain {

  private static final Duration WARM_UP = Duration.ofSeconds(10);

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final CompilationMXBean compiler = ManagementFactory.getCompilationMXBean();
  private final Publishing publishing;
  private Duration warmUp = WARM_UP;

  private NodeMain(Publishing publishing) {
    this.publishing = publishing;
  }

  public static void main(String[] arguments) throws IOException, InterruptedException {
    NodeMain nodes =
        new NodeMain(
            new Publishing(
                Map.of("bootstrap.servers", arguments[0], "schema.registry.url", arguments[1]),
                Topics.withPrefix(arguments[2])));
    try (BufferedReader asked =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
      for (String line = asked.readLine(); line != null; line = asked.readLine()) {
        String[] words = line.split(" ", 3);
        boolean publishes = words[2].equals("publish");
        System.out.println(
            nodes.run(Path.of(words[0]), words[1], publishes ? nodes.publishing : null));
      }
    }
  }

  private String run(Path file, String run, @Nullable Publishing to)
      throws IOException, InterruptedException {
    Plan plan = PlanReader.read(SettingsSource.ofFile(file, Map.of()));
    LoadOptions options =
        new LoadOptions(run, "node-1", Share.WHOLE, 1, null, Duration.ofMinutes(1), warmUp);
    warmUp = Duration.ZERO;
    PrintWriter err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    long compiledMillis = compiler.getTotalCompilationTime();
    long cpuNanos = system.getProcessCpuTime();
    LoadSummary summary = new LoadSession(plan, options, to, PlainScreen.silent(err)).run();
    cpuNanos = system.getProcessCpuTime() - cpuNanos;
    ObjectMapper json = new ObjectMapper();
    ObjectNode said = (ObjectNode) json.readTree(SummaryJson.of(summary));
    said.put("cpu_micros", cpuNanos / 1e3 / Math.max(1, summary.progress().finished()));
    said.put("compiled_millis", compiler.getTotalCompilationTime() - compiledMillis);
    return json.writeValueAsString(said);
  }
}
