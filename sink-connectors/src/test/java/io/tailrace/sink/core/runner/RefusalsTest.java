package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.Redaction;
import io.tailrace.record.Aggregate;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.TreeSet;
import java.util.function.LongPredicate;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** One bad record, or a target that refuses everything. */
class RefusalsTest {
  private static final int BATCH = 20;

  private final Target target = new Target();

  @Test
  void aBadRecordIsSetAsideAlsoWhenItIsTheFirstOrTheOnlyOne() throws Exception {
    target.refused = window -> window == 0;
    DryRun run = run(30);
    DryRun.Result result = run.run();
    assertThat(result.deadLettered()).isEqualTo(1);
    assertThat(run.deadLetters().get(0).getDetail()).isEqualTo("400: no");
    assertThat(target.stored).hasSize(29);
    assertThat(result.stuck()).isEmpty();

    assertThat(run(1).run().deadLettered()).isEqualTo(1);
  }

  @Test
  void aTargetThatRefusesItsCheckAsWellIsMisconfiguredAndLosesNothing() throws Exception {
    target.refused = window -> true;
    target.checked =
        () -> {
          throw new IOException("HTTP 400: of a proxy");
        };
    DryRun run = run(30);
    DryRun.Result result = run.run(3);
    assertThat(result.deadLettered()).isZero();
    assertThat(result.stuck())
        .isNotEmpty()
        .allMatch(reason -> reason.contains("400: no") && reason.contains("of a proxy"));

    target.refused = window -> false;
    assertThat(run.run().delivered()).isEqualTo(30);
    assertThat(run.deadLetters()).isEmpty();
  }

  @Test
  void aTargetThatWorkedAndThenRefusesEverythingIsFoundByItsCheck() throws Exception {
    target.refused = window -> window >= 5;
    target.checked =
        () -> {
          throw new IOException("HTTP 400: of a proxy");
        };
    DryRun run = run(30);
    DryRun.Result result = run.run(3);
    assertThat(target.stored).hasSize(5);
    assertThat(result.deadLettered()).isZero();
    assertThat(result.stuck()).isNotEmpty().allMatch(reason -> reason.contains("of a proxy"));

    target.refused = window -> false;
    run.run();
    assertThat(target.stored).hasSize(30);
    assertThat(run.deadLetters()).isEmpty();
  }

  @Test
  void oneThatPassesItsCheckMayRefuseOnlyAFewBeforeItHasAcceptedAnything() throws Exception {
    target.refused = window -> true;
    DryRun run = run(3 * BATCH);
    DryRun.Result result = run.run(3);
    assertThat(result.deadLettered()).isEqualTo(Refusals.MOST_UNPROVEN);
    assertThat(result.stuck()).allMatch(reason -> reason.contains("refuses everything"));
  }

  @Test
  void oneThatTellsRecordsApartIsBelieved() throws Exception {
    target.refused = window -> true;
    target.tellsApart = true;
    assertThat(run(3 * BATCH).run().deadLettered()).isEqualTo(3 * BATCH);
  }

  @Test
  void onceSomethingWasAcceptedAnyNumberOfBadRecordsIsSetAside() throws Exception {
    for (boolean tellsApart : new boolean[] {false, true}) {
      target.tellsApart = tellsApart;
      target.refused = window -> window > 0;
      DryRun run = run(3 * BATCH);
      DryRun.Result result = run.run();
      assertThat(result.deadLettered()).isEqualTo(3 * BATCH - 1);
      assertThat(result.stuck()).isEmpty();
    }
  }

  @Test
  void whenTheCheckGetsNoAnswerItIsTriedAgain() throws Exception {
    int closed;
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      closed = socket.getLocalPort();
    }
    target.refused = window -> true;
    try (Http http =
        Http.open(HttpConfig.DEFAULT.withTimeout(Duration.ofSeconds(2)), NetworkRules.DEFAULT)) {
      URI nobody = URI.create("http://127.0.0.1:" + closed);
      target.checked = () -> http.target(nobody).send(HttpCall.get("/"));
      DryRun.Result result = run(1).run(2);
      assertThat(result.retries()).hasSize(2);
      assertThat(result.stuck()).isEmpty();
      assertThat(result.deadLettered()).isZero();
    }
  }

  @Test
  void whatBreaksTheSinkItselfIsNotTheTargetsFault() throws Exception {
    target.broken = true;
    assertThat(run(3 * BATCH).run().deadLettered()).isEqualTo(3 * BATCH);
  }

  private DryRun run(int windows) {
    DryRun run = new DryRun(target, BATCH, new Redaction());
    IntStream.range(0, windows)
        .forEach(
            window ->
                run.add(Feed.AGGREGATES, TestAggregates.window("run", "*", (long) window, 1)));
    return run;
  }

  private static final class Target implements Sink {
    private interface Check {
      void run() throws Exception;
    }

    private final TreeSet<Long> stored = new TreeSet<>();
    private LongPredicate refused = window -> false;
    private Check checked = () -> {};
    private boolean tellsApart;
    private boolean broken;

    @Override
    public Delivery deliver(List<Item> batch) {
      if (broken) {
        throw new IllegalStateException("cannot encode this");
      }
      List<Delivery.Rejection> rejections =
          IntStream.range(0, batch.size())
              .filter(i -> refused.test(window(batch.get(i))))
              .mapToObj(i -> new Delivery.Rejection(i, "400: no"))
              .toList();
      if (!rejections.isEmpty()) {
        return tellsApart
            ? new Delivery.PartlyRejected(rejections)
            : new Delivery.Rejected("400: no");
      }
      batch.forEach(item -> stored.add(window(item)));
      return Delivery.accepted();
    }

    private static long window(Item item) {
      return item.as(Aggregate.class).getWindowStartMicros();
    }

    @Override
    public void check() throws Exception {
      checked.run();
    }

    @Override
    public void close() {}
  }
}
