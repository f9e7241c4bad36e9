package io.tailrace.sink.contract;

import com.google.auto.service.AutoService;
import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.record.Aggregate;
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
import java.util.stream.Collectors;

/** The smallest sink there can be, for tests of the core: one line for each window. */
@AutoService(SinkProvider.class)
public final class EchoSinkProvider implements SinkProvider {
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

  static String line(Aggregate aggregate) {
    return aggregate.getRun() + " " + aggregate.getWindowStartMicros();
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
