package io.tailrace.benchmarks;

import io.tailrace.benchmarks.aggregate.AggregateBench;
import java.util.List;

/** {@code ./tailrace bench WHAT}: whole-pipeline benchmarks, each in a table of its own. */
public final class Bench {
  private Bench() {}

  public static void main(String[] arguments) throws Exception {
    List<String> all = List.of(arguments);
    String what = all.isEmpty() ? "" : all.get(0);
    if (!what.equals("aggregate")) {
      System.err.println("bench: cannot run '" + what + "', expected: aggregate");
      System.exit(2);
    }
    System.exit(AggregateBench.run(all.subList(1, all.size()), System.out));
  }
}
