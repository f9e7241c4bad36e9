package io.tailrace.sink.prometheus;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.prometheus.PrometheusConfig.PushgatewayConfig;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Base64;

/**
 * Pushes each run as a group of job, instance and run.
 *
 * @see <a href="https://github.com/prometheus/pushgateway#api">The Pushgateway's API</a>
 */
final class Pushgateway {
  private final HttpTarget target;
  private final Clock clock;
  private final String job;
  private final String instance;

  Pushgateway(PushgatewayConfig config, SinkContext context) {
    HttpTarget plain = context.http().target(config.address());
    target =
        config.login().map(login -> plain.withBasic(login.user(), login.password())).orElse(plain);
    clock = context.clock();
    job = config.job();
    instance = config.instance().orElse("");
  }

  /** Replaces all that is known of a run. */
  Delivery push(String run, String text) throws IOException, InterruptedException {
    byte[] body = text.getBytes(StandardCharsets.UTF_8);
    HttpAnswer answer = target.send(HttpCall.put(group(run), Exposition.CONTENT_TYPE, body));
    if (answer.status() == 400) {
      // Nothing in a run makes its text bad; another job holds the name under another type.
      return new Delivery.Misconfigured(target + " refuses the metrics: " + answer.brief());
    }
    return answer.delivery(clock.instant());
  }

  /** Says whether the run is gone. */
  boolean delete(String run) throws IOException, InterruptedException {
    return target.send(HttpCall.of("DELETE", group(run))).isSuccess();
  }

  String group(String run) {
    String path = "/metrics" + part("job", job);
    if (!instance.isEmpty()) {
      path += part("instance", instance);
    }
    return path + part("run_id", run);
  }

  /** In Base64, without which a slash in a value would be one in the path. */
  private static String part(String label, String value) {
    byte[] utf8 = value.getBytes(StandardCharsets.UTF_8);
    String encoded =
        utf8.length == 0 ? "=" : Base64.getUrlEncoder().withoutPadding().encodeToString(utf8);
    return "/" + label + "@base64/" + encoded;
  }

  void check() throws IOException, InterruptedException {
    HttpAnswer answer = target.send(HttpCall.get("/-/ready"));
    if (!answer.isSuccess()) {
      throw new IOException(target + " is not ready for pushes: " + answer.brief());
    }
  }
}
