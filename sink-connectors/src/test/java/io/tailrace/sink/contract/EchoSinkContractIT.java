package io.tailrace.sink.contract;

import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.net.URI;
import java.time.Clock;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.Collectors;

/** The kit itself, held against the smallest sink there can be: one line for each window. */
class EchoSinkContractIT extends SinkContract {
  private final Set<String> store = ConcurrentHashMap.newKeySet();
  private final Set<String> bad = ConcurrentHashMap.newKeySet();

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
    return List.of(line((Aggregate) entry.value()));
  }

  @Override
  protected void refuse(Entry entry) {
    bad.add(line((Aggregate) entry.value()));
  }

  private static String line(Aggregate aggregate) {
    return aggregate.getRun() + " " + aggregate.getWindowStartMicros();
  }

  private static final class EchoSinkProvider implements SinkProvider {
    private static final Option<URI> URL = Option.url("url", "Where to.").required();
    private static final Option<String> USER = Option.text("user", "Who.").required();
    private static final Option<Secret> PASSWORD = Option.secret("password", "Whose.").required();
    private static final Option<Secret> TEAM = Option.secret("team", "Theirs.").required();

    @Override
    public String name() {
      return "echo";
    }

    @Override
    public String summary() {
      return "Posts one line for each window.";
    }

    @Override
    public Options options() {
      return Options.of(URL, USER, PASSWORD, TEAM);
    }

    @Override
    public Set<Feed> feeds() {
      return Set.of(Feed.AGGREGATES);
    }

    @Override
    public Sink create(Settings block, SinkContext context) {
      return new EchoSink(
          context
              .http()
              .target(URL.from(block))
              .withBasic(USER.from(block), PASSWORD.from(block))
              .withHeader("X-Team", TEAM.from(block).reveal()),
          context.clock());
    }
  }

  private record EchoSink(HttpTarget target, Clock clock) implements Sink {
    @Override
    public Delivery deliver(List<Item> batch) throws Exception {
      String lines =
          batch.stream()
              .map(item -> line(item.as(Aggregate.class)))
              .collect(Collectors.joining("\n"));
      return target.send(HttpCall.post("/lines", "text/plain", lines)).delivery(clock.instant());
    }

    @Override
    public void check() throws IOException, InterruptedException {
      HttpAnswer answer = target.send(HttpCall.get("/ping"));
      if (!answer.isSuccess()) {
        throw new IOException(answer.brief());
      }
    }

    @Override
    public void close() {}
  }
}
