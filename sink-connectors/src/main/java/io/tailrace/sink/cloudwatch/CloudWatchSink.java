package io.tailrace.sink.cloudwatch;

import io.prometheus.client.Counter;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Delivery.Rejection;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.provider.Once;
import io.tailrace.sink.core.provider.SinkContext;
import java.io.IOException;
import java.time.Clock;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts each window once. CloudWatch adds up what it is sent, so before a request a note says which
 * windows it holds, and no window of such a note is ever sent again, also when nobody knows what
 * became of it.
 */
final class CloudWatchSink implements Sink {
  private static final Logger log = LoggerFactory.getLogger(CloudWatchSink.class);

  private final CloudWatchConfig config;
  private final CloudWatchService service;
  private final Windows windows;
  private final Alarms alarms;
  private final Once once;
  private final Clock clock;
  private final Counter.Child requests;
  private final Counter.Child data;
  private final Counter.Child ambiguous;
  private final Counter.Child inDoubt;
  private final Counter.Child corrections;
  private final Counter.Child outOfTime;

  CloudWatchSink(CloudWatchConfig config, CloudWatchService service, SinkContext context) {
    this.config = config;
    this.service = service;
    this.windows = new Windows(config);
    this.alarms = new Alarms(config, service, context);
    this.once = context.once();
    this.clock = context.clock();
    requests = counter(context, "cloudwatch_requests", "Requests that CloudWatch accepted.");
    data = counter(context, "cloudwatch_data", "Members of MetricData in accepted requests.");
    ambiguous =
        counter(
            context,
            "sink_ambiguous",
            "Acts of which it is not known whether an earlier attempt got through.");
    inDoubt =
        counter(
            context,
            "cloudwatch_windows_in_doubt",
            "Windows in requests of which it is not known whether they were done.");
    corrections =
        counter(
            context,
            "sink_corrections",
            "Corrections of windows that were sent already, which the target cannot take back.");
    outOfTime =
        counter(
            context,
            "cloudwatch_windows_out_of_time",
            "Windows more than two weeks old, or more than two hours ahead.");
  }

  private static Counter.Child counter(SinkContext context, String name, String help) {
    return context.metrics().counter("tailrace_" + name + "_total", help);
  }

  @Override
  public Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
    String key = key(batch.get(0).origin());
    Progress progress;
    try {
      progress = once.outcome(key).map(Progress::read).orElse(Progress.NONE);
    } catch (IllegalArgumentException e) {
      return new Delivery.Misconfigured("the note " + key + ": " + e.getMessage());
    }
    progress = takeUp(key, progress, batch);
    Instant now = clock.instant();
    Windows.Plan plan = windows.plan(batch, progress, now);
    Delivery failure = send(key, progress, plan, now);
    if (failure != null) {
      return failure;
    }
    corrections.inc(plan.corrections());
    outOfTime.inc(plan.outOfTime());
    alarms.putDue();
    List<Rejection> rejections = plan.rejections();
    return rejections.isEmpty() ? Delivery.accepted() : new Delivery.PartlyRejected(rejections);
  }

  /** One note for each partition, and for each place its windows may go. */
  private String key(Origin origin) {
    return String.join(
        "/",
        "sent",
        config.endpoint().map(Object::toString).orElse(config.region()),
        config.namespace(),
        origin.topic(),
        Integer.toString(origin.partition()));
  }

  /** What an earlier life has left open stays in doubt; a log that begins anew is a new one. */
  private Progress takeUp(String key, Progress noted, List<Item> batch) {
    for (Item item : batch) {
      long offset = item.origin().offset();
      if (noted.isOfAnotherLog(offset, Windows.endMicros(item.as(Aggregate.class)))) {
        log.warn("{}: the log begins anew at {}, the note of {} is void", key, offset, noted);
        return Progress.NONE;
      }
    }
    if (noted.isOpen()) {
      doubt(noted.windows(), "a request that was under way when the sink ended");
      return noted.passed();
    }
    return noted;
  }

  /** Sends request after request; null when all went well, or is in doubt. */
  private @Nullable Delivery send(String key, Progress before, Windows.Plan plan, Instant now)
      throws IOException, InterruptedException {
    Progress progress = before;
    for (Request request : plan.requests()) {
      progress = progress.opening(request, now.toEpochMilli());
      once.remember(key, progress.written());
      Outcome outcome =
          service.attempt(
              () -> service.client().putMetricData(Calls.put(config.namespace(), request.data())));
      Delivery failure = settle(outcome, request);
      if (failure != null) {
        once.remember(key, progress.undone().written());
        return failure;
      }
      progress = progress.passed();
    }
    Progress settled = progress.reaching(plan.end(), plan.newestMicros(), now.toEpochMilli());
    if (settled.next() > before.next() || !plan.requests().isEmpty()) {
      once.remember(key, settled.written());
    }
    return null;
  }

  private @Nullable Delivery settle(Outcome outcome, Request request) {
    if (outcome instanceof Outcome.Later later) {
      return new Delivery.Retry(later.reason(), later.after());
    } else if (outcome instanceof Outcome.Refused refused) {
      return new Delivery.Rejected(refused.reason());
    } else if (outcome instanceof Outcome.Misconfigured misconfigured) {
      return new Delivery.Misconfigured(misconfigured.reason());
    } else if (outcome instanceof Outcome.InDoubt doubtful) {
      doubt(request.windows(), doubtful.reason());
    } else {
      requests.inc();
      data.inc(request.data().size());
    }
    alarms.see(request.data());
    return null;
  }

  private void doubt(int windowsInDoubt, String reason) {
    ambiguous.inc();
    inDoubt.inc(windowsInDoubt);
    log.warn("{} windows may be in CloudWatch or not: {}", windowsInDoubt, reason);
  }

  /** Reads what only the right keys may read, of what the configuration needs. */
  @Override
  public void check() throws Exception {
    require(
        "cloudwatch:ListMetrics",
        service.attempt(
            () -> service.client().listMetrics(each -> each.namespace(config.namespace()))));
    if (!config.alarms().isEmpty()) {
      require(
          "cloudwatch:DescribeAlarms",
          service.attempt(() -> service.client().describeAlarms(each -> each.maxRecords(1))));
    }
  }

  private void require(String right, Outcome outcome) throws IOException {
    String reason =
        outcome instanceof Outcome.Misconfigured misconfigured
            ? misconfigured.reason()
            : outcome instanceof Outcome.Done ? "" : outcome.toString();
    if (!reason.isEmpty()) {
      throw new IOException(
          "CloudWatch in "
              + config.region()
              + " did not answer a call that needs the right "
              + right
              + ": "
              + reason);
    }
  }

  @Override
  public void close() {
    service.close();
  }

  @Override
  public String toString() {
    return "cloudwatch " + config.region() + " " + config.namespace();
  }
}
