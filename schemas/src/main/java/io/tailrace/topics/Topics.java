package io.tailrace.topics;

/** The names of Tailrace's topics under one prefix. */
public final class Topics {
  private static final String DEFAULT_PREFIX = "tailrace.";

  private final String prefix;

  private Topics(String prefix) {
    this.prefix = prefix;
  }

  public static Topics withPrefix(String prefix) {
    return new Topics(prefix);
  }

  public static Topics defaults() {
    return new Topics(DEFAULT_PREFIX);
  }

  /** What load nodes publish: the only input, and the whole truth of a run. */
  public String samples() {
    return prefix + "samples";
  }

  /** Aggregates: one series in one window, and a run's totals. */
  public String windows() {
    return prefix + "windows";
  }

  /** Episodes during which an objective did not hold. */
  public String violations() {
    return prefix + "violations";
  }

  /** The catalogue of runs. */
  public String runs() {
    return prefix + "runs";
  }

  /** What came of each run. */
  public String summaries() {
    return prefix + "summaries";
  }

  /** Objectives an organisation applies to runs. */
  public String rules() {
    return prefix + "rules";
  }

  /** What the nodes of a run are told. */
  public String commands() {
    return prefix + "commands";
  }

  /** Records that could not be used, with the reason. */
  public String deadLetters() {
    return prefix + "dead-letters";
  }

  /** What sinks remember between restarts. */
  public String sinkState() {
    return prefix + "sink-state";
  }
}
