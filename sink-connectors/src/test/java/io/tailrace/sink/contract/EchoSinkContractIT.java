package io.tailrace.sink.contract;

import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.SinkProvider;
import java.net.URI;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import org.junit.jupiter.api.Test;

/** The kit itself, held against the smallest sink there can be: one line for each window. */
class EchoSinkContractIT extends SinkContract {
  private final Set<String> store = ConcurrentHashMap.newKeySet();
  private final Set<String> bad = ConcurrentHashMap.newKeySet();

  @Test
  void standsStillWhereEverythingIsRefused() throws Exception {
    assertStandsStillWhereEverythingIsRefused();
  }

  @Override
  protected SinkProvider provider() {
    return new EchoSinkProvider();
  }

  @Override
  protected Answer vendor(Request request) {
    if (request.is("GET", "/ping") && isKnown(request)) {
      return Answer.of(204, "");
    }
    if (!request.is("POST", "/lines") || !isKnown(request)) {
      return Answer.untaught(404, "no such endpoint");
    }
    List<String> lines = request.text().lines().toList();
    if (lines.stream().anyMatch(bad::contains)) {
      return Answer.of(400, "a line is bad");
    }
    store.addAll(lines);
    return Answer.of(204, "");
  }

  private static boolean isKnown(Request request) {
    return request.header("authorization").startsWith("Basic ")
        && request.header("x-team").startsWith("canary-");
  }

  @Override
  protected String block(URI target) {
    return "url: %s\nuser: me\npassword: \"{{env.SECRET_PASSWORD}}\"\nteam: \"{{env.SECRET_KEY}}\"\n"
        .formatted(target);
  }

  @Override
  protected Entry record(int number) {
    return new Entry(Feed.AGGREGATES, TestAggregates.window("r1", "*", number * 1_000_000L, 5));
  }

  @Override
  protected List<String> stored() {
    return List.copyOf(new TreeSet<>(store));
  }

  @Override
  protected List<String> expected(Entry entry) {
    return List.of(EchoSinkProvider.line((Aggregate) entry.value()));
  }

  @Override
  protected void refuse(Entry entry) {
    bad.add(EchoSinkProvider.line((Aggregate) entry.value()));
  }
}
