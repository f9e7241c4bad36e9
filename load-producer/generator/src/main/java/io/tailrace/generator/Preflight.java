package io.tailrace.generator;

import io.tailrace.config.Fault;
import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.ArrivalPattern;
import io.tailrace.generator.plan.OpenLoad;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.Scenario;
import io.tailrace.generator.plan.Schedule;
import io.tailrace.generator.plan.Share;
import io.tailrace.generator.plan.Stage;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.UnknownHostException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;

/** Finds out, before any load is sent, what no reading of a plan can show. */
final class Preflight {

  private static final Duration PATIENCE = Duration.ofMinutes(2);

  /** One arrival in one millisecond. */
  private static final Schedule ONCE = new Schedule(List.of(Stage.constant(1_000, 1_000_000)));

  private final Plan plan;
  private final String source;
  private final int nodes;

  Preflight(Plan plan, String source, int nodes) {
    this.plan = plan;
    this.source = source;
    this.nodes = nodes;
  }

  /**
   * Whether there are rows for every node, whether the target can be reached, and whether every
   * scenario finds what it extracts.
   */
  List<Fault> faults(boolean rehearse) {
    List<Fault> faults = new ArrayList<>(shortFeeders());
    faults.addAll(unreachable());
    if (faults.isEmpty() && rehearse) {
      plan.scenarios().stream().filter(Scenario::extracts).forEach(s -> faults.addAll(rehearse(s)));
    }
    return faults;
  }

  /** On every node, not only on those that would get none: the others would wait for them. */
  private List<Fault> shortFeeders() {
    return plan.scenarios().stream()
        .flatMap(scenario -> scenario.feeders().stream())
        .distinct()
        .filter(feeder -> feeder.rows() < nodes)
        .map(
            feeder ->
                new Fault(
                    source,
                    0,
                    "feeders." + feeder.name() + ".file",
                    "%d rows; expected at least one for each of %d nodes"
                        .formatted(feeder.rows(), nodes)))
        .toList();
  }

  private List<Fault> unreachable() {
    int millis = (int) TimeUnit.NANOSECONDS.toMillis(plan.http().connectTimeoutNanos());
    try (Socket socket = new Socket()) {
      InetSocketAddress address = new InetSocketAddress(plan.host(), plan.port());
      if (address.isUnresolved()) {
        throw new UnknownHostException("the host name is not known");
      }
      socket.connect(address, millis);
      return List.of();
    } catch (IOException e) {
      String problem =
          "\"%s\" cannot be reached: %s; expected a server that listens"
              .formatted(plan.target(), e.getMessage());
      return List.of(new Fault(source, 0, "target", problem));
    }
  }

  /** Sends a scenario once, recording nothing. */
  private List<Fault> rehearse(Scenario scenario) {
    ConcurrentLinkedQueue<Fault> faults = new ConcurrentLinkedQueue<>();
    SampleSink listening =
        (step, status, error) -> {
          if (error != null) {
            String key = "scenarios \"%s\", step \"%s\"".formatted(scenario.name(), step.name());
            String problem =
                "a rehearsal got status %d and ended with \"%s\"; expected an answer that fulfils"
                        .formatted(status, error)
                    + " the step's checks and has what it extracts";
            faults.add(new Fault(source, 0, key, problem));
          }
          return SampleSink.NONE.outcome(step, status, error);
        };
    Plan once =
        plan.withLoad(new OpenLoad(ONCE, ArrivalPattern.UNIFORM, plan.load().seed(), 1), scenario);
    try (LoadRun run = LoadRun.prepare(once, RunOptions.alone().as(Share.WHOLE), listening)) {
      run.begin();
      run.await(PATIENCE);
    }
    return List.copyOf(faults);
  }
}
