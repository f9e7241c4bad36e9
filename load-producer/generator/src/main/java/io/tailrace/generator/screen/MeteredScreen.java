package io.tailrace.generator.screen;

import io.prometheus.client.Collector;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.tailrace.generator.LiveView;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.RunScreen;
import io.tailrace.generator.engine.Progress;
import io.tailrace.publisher.PublisherStats;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Health;
import io.tailrace.service.ServiceEndpoint;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Another screen that Prometheus can look at as well, for as long as the run goes on. */
public final class MeteredScreen implements RunScreen {

  private static final String PREFIX = "tailrace_load_";

  private final RunScreen screen;
  private final ServiceEndpoint endpoint;
  private volatile @Nullable LiveView latest;

  /** Answers at once; there is nothing to see before the first look at the run. */
  public MeteredScreen(RunScreen screen, EndpointConfig config) {
    this.screen = screen;
    CollectorRegistry metrics = new CollectorRegistry();
    metrics.register(
        new Collector() {
          @Override
          public List<MetricFamilySamples> collect() {
            return families();
          }
        });
    endpoint = ServiceEndpoint.start(config, metrics, new Health());
  }

  /** Where it answers. */
  public URI url() {
    return endpoint.url();
  }

  private List<Collector.MetricFamilySamples> families() {
    List<Collector.MetricFamilySamples> all = new ArrayList<>();
    LiveView view = latest;
    if (view == null) {
      return all;
    }
    Progress progress = view.progress();
    all.add(counter("requests", "Requests that are over.", (double) progress.finished()));
    all.add(counter("errors", "Requests that failed.", (double) progress.errors()));
    all.add(gauge("rate_asked", "Requests a second that are to be sent.", progress.rateAsked()));
    all.add(gauge("in_flight", "Requests under way.", progress.inFlight()));
    all.add(gauge("connections", "Open connections.", progress.connections()));
    all.add(
        gauge(
            "lateness_p99_seconds",
            "How late requests were sent since the last look.",
            progress.recentLateness().p99() / 1e6));
    all.add(gauge("cpu_percent", "Of this process, of all cores.", view.cpuPercent()));
    PublisherStats published = view.publishing();
    if (published != null) {
      publishing(all, published);
    }
    return all;
  }

  private static void publishing(
      List<Collector.MetricFamilySamples> all, PublisherStats published) {
    all.add(counter("recorded_samples", "Samples kept.", (double) published.recorded()));
    all.add(
        counter("acknowledged_samples", "Samples in Kafka.", (double) published.acknowledged()));
    all.add(
        counter(
            "dropped_samples", "Samples there was no memory for.", (double) published.dropped()));
    all.add(counter("lost_samples", "Samples Kafka will never take.", (double) published.lost()));
    all.add(counter("publish_errors", "Attempts that failed.", (double) published.errors()));
    all.add(gauge("backlog_samples", "Not acknowledged yet.", (double) published.backlogSamples()));
    all.add(gauge("publisher_memory_bytes", "In use.", (double) published.memoryBytes()));
    all.add(
        gauge("publisher_memory_bound_bytes", "At most.", (double) published.memoryBoundBytes()));
  }

  private static Collector.MetricFamilySamples counter(String name, String help, Number value) {
    return new CounterMetricFamily(PREFIX + name, help, value.doubleValue());
  }

  private static Collector.MetricFamilySamples gauge(String name, String help, Number value) {
    return new GaugeMetricFamily(PREFIX + name, help, value.doubleValue());
  }

  @Override
  public void say(String line) {
    screen.say(line);
  }

  @Override
  public void show(LiveView view) {
    latest = view;
    screen.show(view);
  }

  @Override
  public void finish(LoadSummary summary) {
    screen.finish(summary);
  }

  @Override
  public void close() {
    endpoint.close();
    screen.close();
  }
}
