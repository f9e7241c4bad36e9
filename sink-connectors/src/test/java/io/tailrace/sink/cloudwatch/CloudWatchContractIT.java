package io.tailrace.sink.cloudwatch;

import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.cloudwatch.StubCloudWatch.Point;
import io.tailrace.sink.contract.SinkContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;

/** CloudWatch adds up what it is sent, so no request in doubt may be made again. */
class CloudWatchContractIT extends SinkContract {
  private final Instant start = Clock.systemUTC().instant().truncatedTo(ChronoUnit.MINUTES);
  private final StubCloudWatch cloudWatch =
      new StubCloudWatch()
          .trusting("canary-secret_access_key-7f3a9", "canary-secret_signing_key-7f3a9");

  @Override
  protected SinkProvider provider() {
    return new CloudWatchSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) throws IOException {
    return cloudWatch.answer(request);
  }

  @Override
  protected boolean isRepeatable() {
    return false;
  }

  @Override
  protected String block(URI target) {
    return """
        region: us-west-2
        namespace: Perf
        endpoint: %s
        credentials:
          access_key: "{{env.SECRET_ACCESS_KEY}}"
          secret_key: "{{env.SECRET_SIGNING_KEY}}"
        metrics:
          - name: Requests
            dimensions:
              TestName: "{{test_name}}"
              Series: "{{series}}"
        """
        .formatted(target);
  }

  @Override
  protected Entry record(int number) {
    long micros = start.plusSeconds(number).getEpochSecond() * 1_000_000;
    return new Entry(
        Feed.AGGREGATES, TestAggregates.window("r1", "GET /cart", micros, number + 1L));
  }

  @Override
  protected List<String> stored() {
    List<String> stored = new ArrayList<>();
    cloudWatch
        .points()
        .forEach(
            (point, values) ->
                values.forEach(
                    (value, count) -> {
                      for (int i = 0; i < count; i++) {
                        stored.add(text(point, value));
                      }
                    }));
    return stored;
  }

  private static String text(Point point, double value) {
    String dimensions =
        point.dimensions().values().stream().sorted().collect(Collectors.joining(","));
    return point.metric() + " " + dimensions + " " + point.at() + " " + value;
  }

  @Override
  protected List<String> expected(Entry entry) {
    Aggregate window = (Aggregate) entry.value();
    return List.of(
        "Requests GET /cart,checkout " + at(window) + " " + (double) window.getRequests());
  }

  private static Instant at(Aggregate window) {
    return Instant.ofEpochMilli(window.getWindowStartMicros() / 1_000);
  }

  @Override
  protected void refuse(Entry entry) {
    Instant bad = at((Aggregate) entry.value());
    cloudWatch.refuse(point -> point.at().equals(bad));
  }
}
