package io.tailrace.benchmarks.generator;

import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import java.io.IOException;

/** The target in a process of its own, on one event loop; ends when its input does. */
final class TargetMain {

  private TargetMain() {}

  public static void main(String[] arguments) throws IOException {
    try (TargetServer target = TargetServer.start(Behaviour.PROMPT)) {
      System.out.println(target.url());
      while (System.in.read() >= 0) {
        // Nothing is said to it; it lives as long as who started it.
      }
    }
  }
}
