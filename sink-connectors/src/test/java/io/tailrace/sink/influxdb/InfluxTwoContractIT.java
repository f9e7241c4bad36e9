package io.tailrace.sink.influxdb;

import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.SinkContract;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.SinkProvider;
import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;

class InfluxTwoContractIT extends SinkContract {
  private static final long START = 1_763_650_800_000_000L;

  private final InfluxStub influx = new InfluxStub();

  @Test
  void standsStillWhereEverythingIsRefused() throws Exception {
    assertStandsStillWhereEverythingIsRefused();
  }

  @Override
  protected SinkProvider provider() {
    return new InfluxSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) {
    return influx.two(request, "Token canary-secret_token-7f3a9");
  }

  @Override
  protected String block(URI target) {
    return """
        url: %s
        org: acme
        bucket: load tests
        token: "{{env.SECRET_TOKEN}}"
        measurement: load
        tags:
          test_name: "{{test_name}}"
        """
        .formatted(target);
  }

  @Override
  protected Entry record(int number) {
    return new Entry(
        Feed.AGGREGATES, TestAggregates.window("r1", "*", START + number * 1_000_000L, number));
  }

  @Override
  protected List<String> stored() {
    return influx.points();
  }

  @Override
  protected List<String> expected(Entry entry) {
    Aggregate window = (Aggregate) entry.value();
    return List.of(
        "load,run_id=r1,series=*,test_name=checkout,window=1s %d %di"
            .formatted(window.getWindowStartMicros(), window.getRequests()));
  }

  @Override
  protected void refuse(Entry entry) {
    influx.refuse(((Aggregate) entry.value()).getWindowStartMicros());
  }
}
