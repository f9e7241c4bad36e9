package io.tailrace.benchmarks;

import io.tailrace.benchmarks.aggregate.AggregateBench;
import io.tailrace.benchmarks.generator.ClientsBench;
import io.tailrace.benchmarks.generator.LoadBench;
import io.tailrace.benchmarks.sinks.SinksBench;
import java.util.List;

/** {@code ./tailrace bench WHAT}: whole-pipeline benchmarks, each in a table of its own. */
public final class Bench {

  private static final String USAGE =
      """
      usage: bench WHAT [OPTION]...
        aggregate  the aggregator beside a bare consumer and the textbook topology
        load       the generator beside wrk, and what publishing costs it
        clients    the HTTP clients that the generator could have been built on
        sinks      sinks beside a bare loop, against real servers
      bench WHAT --help has the options. Example: bench aggregate --case main --case delay
      """;

  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    String what = all.isEmpty() ? "" : all.get(0);
    List<String> rest = all.subList(Math.min(1, all.size()), all.size());
    switch (what) {
      case "aggregate" -> System.exit(AggregateBench.run(rest, System.out));
      case "clients" -> System.exit(ClientsBench.run(rest, System.out));
      case "sinks" -> System.exit(SinksBench.run(rest, System.out));
      case "load" -> System.exit(LoadBench.run(rest, System.out));
      case "--help" -> System.out.print(USAGE);
      default -> {
        System.err.println(
            "bench: cannot run '" + what + "', expected: aggregate, clients, load or sinks");
        System.exit(2);
      }
    }
  }
}
