package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.screen.PlainScreen;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import io.tailrace.publisher.SteadyClock;
import java.io.PrintWriter;
import java.io.Writer;
import java.time.Duration;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class LoadSessionIT {

  @Test
  void startsByTheClockWhenToldTo() throws Exception {
    Queue<Long> dueMicros = new ConcurrentLinkedQueue<>();
    SampleSink due =
        (step, status, error) ->
            (end, latency, delay, firstByte, connect, sent, received) ->
                dueMicros.add(end - latency - delay);
    try (TargetServer target = TargetServer.start(Behaviour.PROMPT)) {
      long startMicros = new SteadyClock().getAsLong() + 1_000_000;
      LoadOptions options =
          new LoadOptions(
              "run", "node-1", Share.WHOLE, 1, startMicros, Duration.ofMinutes(1), Duration.ZERO);
      LoadSummary summary =
          new LoadSession(
                  Plans.rate(target.url() + "/", 100, "200ms"),
                  options,
                  null,
                  PlainScreen.silent(new PrintWriter(Writer.nullWriter())),
                  due)
              .run();

      assertThat(summary.progress().finished()).isEqualTo(20).isEqualTo(dueMicros.size());
      // Uniform arrivals: the first one is due after half of the 10 ms between two.
      long first = dueMicros.stream().mapToLong(Long::longValue).min().orElseThrow();
      assertThat(first - startMicros).isBetween(4_000L, 6_000L);
    }
  }
}
