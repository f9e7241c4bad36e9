package io.tailrace.sink.prometheus;

import io.prometheus.client.Counter;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.prometheus.PrometheusConfig.RemoteWriteConfig;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/**
 * Writes points with remote write 1.0.
 *
 * @see <a href="https://prometheus.io/docs/specs/prw/remote_write_spec/">Prometheus, remote write
 *     1.0</a>
 */
final class RemoteWrite {
  private static final List<String> BEHIND =
      List.of("out of order sample", "duplicate sample for timestamp");
  private static final List<String> TOO_OLD =
      List.of("out of bounds", "too old sample", "too-old", "timestamp too old");

  private final HttpTarget target;
  private final Queue<WriteRequest> requests = new ConcurrentLinkedQueue<>();
  private final Clock clock;
  private final Counter.Child behind;
  private final Counter.Child tooOld;

  RemoteWrite(RemoteWriteConfig config, SinkContext context) {
    HttpTarget plain =
        context
            .http()
            .target(config.address())
            // Snappy's block format is all there is in this protocol.
            .withGzip(false)
            .withHeader("Content-Encoding", "snappy")
            .withHeader("X-Prometheus-Remote-Write-Version", "0.1.0");
    HttpTarget named =
        config
            .login()
            .map(login -> plain.withBasic(login.user(), login.password()))
            .or(() -> config.token().map(plain::withBearer))
            .orElse(plain);
    target = config.tenant().map(name -> named.withHeader("X-Scope-OrgID", name)).orElse(named);
    clock = context.clock();
    behind =
        context
            .metrics()
            .counter(
                "tailrace_sink_prometheus_already_there_total",
                "Aggregates that the endpoint refused because it has the same or later values.");
    tooOld =
        context
            .metrics()
            .counter(
                "tailrace_sink_prometheus_too_old_total",
                "Aggregates that the endpoint refused because it takes nothing that old.");
  }

  /**
   * Makes one request. Prometheus stores nothing of one in which a single value is refused.
   *
   * @param alone the points are those of one aggregate: what is refused is known
   */
  Delivery write(List<Point> points, boolean alone) throws IOException, InterruptedException {
    if (points.isEmpty()) {
      return Delivery.accepted();
    }
    HttpAnswer answer = send(points);
    if (answer.isSuccess()) {
      return Delivery.accepted();
    }
    String text = answer.text().toLowerCase(Locale.ROOT);
    Optional<Counter.Child> refusal = refusal(text);
    if (refusal.isPresent()) {
      if (!alone) {
        return new Delivery.Rejected(answer.brief());
      }
      // Nothing would ever make the endpoint take it: counted, not kept as a dead letter.
      refusal.get().inc();
      return Delivery.accepted();
    }
    if (text.contains("native histograms are disabled")) {
      return new Delivery.Misconfigured(
          answer.brief()
              + "; start it with --enable-feature=native-histograms or set histograms: classic");
    }
    if (answer.status() == 404 || text.contains("enable-remote-write-receiver")) {
      return new Delivery.Misconfigured(
          answer.brief() + "; does it take remote write (--web.enable-remote-write-receiver)?");
    }
    return answer.delivery(clock.instant());
  }

  private Optional<Counter.Child> refusal(String text) {
    if (BEHIND.stream().anyMatch(text::contains)) {
      return Optional.of(behind);
    }
    // Prometheus 2.42 says so with a 500, as if it were worth trying again.
    return TOO_OLD.stream().anyMatch(text::contains) ? Optional.of(tooOld) : Optional.empty();
  }

  private HttpAnswer send(List<Point> points) throws IOException, InterruptedException {
    WriteRequest idle = requests.poll();
    WriteRequest request = idle == null ? new WriteRequest() : idle;
    byte[] body = request.encode(points);
    if (request.isSmall()) {
      requests.add(request);
    }
    return target.send(HttpCall.post("", "application/x-protobuf", body));
  }

  /** Writes nothing, which is answered like something. */
  void check() throws IOException, InterruptedException {
    HttpAnswer answer = send(List.of());
    if (!answer.isSuccess()) {
      throw new IOException(target + " does not take remote write: " + answer.brief());
    }
  }
}
