package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.LeaveReason;
import io.tailrace.topics.Topics;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** A load node as a process of its own: records so many samples, then waits to be told to leave. */
final class NodeProcess {

  private final Process process;
  private final BufferedReader output;

  private NodeProcess(Process process) {
    this.process = process;
    this.output = process.inputReader(StandardCharsets.UTF_8);
  }

  static NodeProcess start(
      String bootstrapServers,
      String registryUrl,
      String topicPrefix,
      String run,
      String node,
      int samples)
      throws IOException {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                NodeProcess.class.getName(),
                bootstrapServers,
                registryUrl,
                topicPrefix,
                run,
                node,
                String.valueOf(samples))
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new NodeProcess(process);
  }

  void awaitRecorded(int samples) throws IOException {
    awaitLine("recorded " + samples);
  }

  void leave() throws IOException, InterruptedException {
    process.getOutputStream().write('\n');
    process.getOutputStream().flush();
    awaitLine("left");
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  /** Whatever a logger says before is none of ours. */
  private void awaitLine(String expected) throws IOException {
    String line = output.readLine();
    while (line != null && !line.equals(expected)) {
      line = output.readLine();
    }
    assertThat(line).isEqualTo(expected);
  }

  void kill() throws InterruptedException {
    process.destroyForcibly();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
  }

  public static void main(String[] arguments) throws IOException {
    PrintStream out = System.out;
    SamplePublisher publisher =
        SamplePublisher.builder()
            .bootstrapServers(arguments[0])
            .registryUrl(arguments[1])
            .topics(Topics.withPrefix(arguments[2]))
            .run(arguments[3])
            .node(arguments[4])
            .start();
    LoadThread load = new LoadThread(publisher, 1);
    int samples = Integer.parseInt(arguments[5]);
    load.record(samples);
    out.println("recorded " + load.kept().samples());
    if (System.in.read() >= 0) {
      CloseReport report = publisher.leave(LeaveReason.DONE, "", Duration.ofSeconds(30));
      out.println(report.complete() ? "left" : report);
    }
  }
}
