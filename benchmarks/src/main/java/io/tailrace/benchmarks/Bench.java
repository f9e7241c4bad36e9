package io.tailrace.benchmarks;

import io.tailrace.benchmarks.aggregate.AggregateBench;
import io.tailrace.benchmarks.generator.ClientsBench;
import io.tailrace.benchmarks.generator.LoadBench;
import io.tailrace.benchmarks.sinks.SinksBench;
import java.util.List;

/** {@code ./tailrace bench WHAT}: whole-pipeline benchmarks, each in a table of its own. */
public final class Bench {
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
      default -> {
        System.err.println(
            "bench: cannot run '" + what + "', expected: aggregate, clients, load or sinks");
        System.exit(2);
      }
    }
  }
}
