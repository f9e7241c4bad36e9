package io.tailrace.sink.core.service;

/**
 * How it went to connect to one sink's target.
 *
 * @param problem what is wrong, for people; empty when nothing is
 */
public record SinkCheck(String sink, String problem) {

  static SinkCheck of(Output output) {
    try {
      output.sink().check();
      return new SinkCheck(output.name(), "");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return new SinkCheck(output.name(), "interrupted");
    } catch (Exception e) {
      String message = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
      return new SinkCheck(output.name(), output.redaction().clean(message));
    }
  }

  public boolean isFine() {
    return problem.isEmpty();
  }
}
