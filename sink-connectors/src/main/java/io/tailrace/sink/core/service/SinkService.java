package io.tailrace.sink.core.service;

import io.prometheus.client.Histogram;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Health;
import io.tailrace.service.ServiceEndpoint;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.sink.core.runner.SinkStatus;
import io.tailrace.topics.Topics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Sinks at work in one process, each on its own: consumer, threads, connections, pace. */
public final class SinkService implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(SinkService.class);

  private final Outputs outputs;
  private final List<SinkRunner> runners = new ArrayList<>();
  private final ServiceEndpoint endpoint;
  private final CountDownLatch ended = new CountDownLatch(1);

  private SinkService(Outputs outputs, EndpointConfig address) {
    this.outputs = outputs;
    Topics topics = outputs.topics().topics();
    Map<String, Object> kafka = outputs.kafka().clientProperties();
    Histogram seconds =
        Histogram.build("tailrace_sink_attempt_seconds", "How long attempts took.")
            .labelNames("sink")
            .exponentialBuckets(0.001, 2, 16)
            .register(outputs.registry());
    Health health = new Health();
    for (Output output : outputs.sinks()) {
      SinkRunner runner =
          new SinkRunner(
              new RunnerConfig(
                  output.name(),
                  output.feeds(),
                  topics,
                  grouped(kafka, output.name()),
                  output.pace(),
                  output.selection(),
                  output.limits(),
                  output.journal(),
                  output.redaction(),
                  seconds.labels(output.name())::observe),
              output.sink(),
              System::nanoTime);
      runners.add(runner);
      health.ready(output.name(), () -> unready(runner.status()));
      health.live(output.name(), () -> failed(runner));
    }
    outputs.registry().register(new SinkCollector(runners));
    endpoint = ServiceEndpoint.start(address, outputs.registry(), health, outputs.pages());
  }

  /** Starts them all; what has no effect is told. */
  public static SinkService start(Outputs outputs) {
    return start(outputs, outputs.endpoint());
  }

  /** The same where another service of the process has the configured port. */
  public static SinkService start(Outputs outputs, EndpointConfig address) {
    SinkService service = new SinkService(outputs, address);
    outputs.notes().forEach(note -> LOG.warn("{}", note));
    service.runners.forEach(SinkRunner::start);
    LOG.info("sinks {} run; health and metrics at {}", outputs.names(), service.endpoint.url());
    return service;
  }

  public ServiceEndpoint endpoint() {
    return endpoint;
  }

  /** How each is doing, by name. */
  public Map<String, SinkStatus> statuses() {
    Map<String, SinkStatus> statuses = new LinkedHashMap<>();
    runners.forEach(runner -> statuses.put(runner.name(), runner.status()));
    return statuses;
  }

  /** Waits until it is closed. */
  public void awaitEnd() throws InterruptedException {
    ended.await();
  }

  /** Drains them side by side, each in its own time. */
  @Override
  public void close() {
    List<Thread> closing = new ArrayList<>();
    for (SinkRunner runner : runners) {
      Thread thread = new Thread(runner::close, "close-" + runner.name());
      thread.start();
      closing.add(thread);
    }
    try {
      for (Thread thread : closing) {
        thread.join();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    outputs.sinks().forEach(Output::closeConnections);
    endpoint.close();
    ended.countDown();
  }

  /** A group of its own for each sink, also where the configuration names one for all. */
  private static Map<String, Object> grouped(Map<String, Object> kafka, String sink) {
    Map<String, Object> own = new LinkedHashMap<>(kafka);
    own.computeIfPresent("group.id", (key, group) -> group + "-" + sink);
    return own;
  }

  private static Optional<String> unready(SinkStatus status) {
    return status.state() == SinkStatus.State.RUNNING
        ? Optional.empty()
        : Optional.of(
            "%s, %d records behind%s"
                .formatted(
                    status.state().name().toLowerCase(Locale.ROOT),
                    status.lag(),
                    status.reason().isEmpty() ? "" : ": " + status.reason()));
  }

  /**
   * One that breaks begins again by itself, and no other is to be restarted for it: only when all
   * are broken may a new process do better.
   */
  private Optional<String> failed(SinkRunner runner) {
    boolean all =
        runners.stream().allMatch(each -> each.status().state() == SinkStatus.State.FAILED);
    return all ? Optional.of(runner.status().reason()) : Optional.empty();
  }
}
