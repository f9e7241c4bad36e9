package io.tailrace.generator.engine;

import io.tailrace.generator.plan.Scenario;
import io.tailrace.generator.plan.Session;
import io.tailrace.generator.plan.Step;

/** One visitor on the way through a scenario. */
final class Visit {

  private final Scenario scenario;
  private final Session session;
  private final Workload workload;
  private final int user;
  private int next;
  private long dueNanos;

  Visit(Scenario scenario, Session session, Workload workload, int user, long dueNanos) {
    this.scenario = scenario;
    this.session = session;
    this.workload = workload;
    this.user = user;
    this.dueNanos = dueNanos;
  }

  Step step() {
    return scenario.steps().get(next);
  }

  Session session() {
    return session;
  }

  /** Whose visit it is in a closed model. */
  int user() {
    return user;
  }

  Workload workload() {
    return workload;
  }

  long dueNanos() {
    return dueNanos;
  }

  /** Goes to the next step, due at a moment; false when there is none. */
  boolean advance(long due) {
    next++;
    dueNanos = due;
    return next < scenario.steps().size();
  }
}
