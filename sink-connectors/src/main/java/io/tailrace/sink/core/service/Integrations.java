package io.tailrace.sink.core.service;

import io.tailrace.config.Settings;
import io.tailrace.objective.Glob;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.runner.Backoff;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** The {@code integrations:} block: what holds for every sink that does not say otherwise. */
public record Integrations(Handling handling, NetworkRules network, Performance performance) {
  public static final String BLOCK = "integrations";

  /**
   * What follows a failed attempt.
   *
   * @param maxAttempts failures in a row after which the target is left alone for a while
   */
  record Handling(
      Optional<Integer> maxAttempts,
      Optional<Backoff.Strategy> strategy,
      Optional<Duration> initialDelay,
      Optional<Duration> maxDelay,
      Optional<Duration> timeout) {
    static final Handling NONE =
        new Handling(
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            Optional.empty());
  }

  /** How requests are made. */
  record Performance(
      boolean batches,
      Optional<Compression> compression,
      boolean pooled,
      Optional<Integer> maxConnections,
      Optional<Duration> idleTimeout) {
    static final Performance NONE =
        new Performance(true, Optional.empty(), true, Optional.empty(), Optional.empty());
  }

  /** How bodies are packed. */
  enum Compression {
    GZIP,
    NONE
  }

  static final Integrations NONE =
      new Integrations(Handling.NONE, NetworkRules.DEFAULT, Performance.NONE);

  private static final Option<Optional<Integer>> MAX_ATTEMPTS =
      Option.integer(
              "max_attempts",
              "Failures in a row after which a target is left alone for max_delay; nothing is"
                  + " discarded.")
          .between(1, 1_000_000)
          .optional();
  private static final Option<Optional<Backoff.Strategy>> STRATEGY =
      Option.choice("backoff_strategy", "How waits grow.", Backoff.Strategy.class).optional();
  private static final Option<Optional<Duration>> INITIAL_DELAY =
      Option.duration("initial_delay", "The first wait, at most.")
          .between(Duration.ofMillis(1), Duration.ofHours(1))
          .optional();
  private static final Option<Optional<Duration>> MAX_DELAY =
      Option.duration("max_delay", "The longest wait.")
          .between(Duration.ofMillis(1), Duration.ofHours(24))
          .optional();
  private static final Options RETRY_POLICY =
      Options.of(MAX_ATTEMPTS, STRATEGY, INITIAL_DELAY, MAX_DELAY);

  private static final Options FALLBACK =
      Options.of(
          Option.withoutEffect("enabled", "what is not delivered stays in Kafka, always"),
          Option.withoutEffect("local_storage", "Kafka keeps what is not delivered yet"),
          Option.withoutEffect("retry_later", "deliveries are tried until they succeed"));

  private static final Option<Optional<Duration>> TIMEOUT =
      Option.duration("timeout", "From the beginning of a request to the end of its answer.")
          .between(Duration.ofMillis(10), Duration.ofHours(1))
          .optional();
  private static final Option<Handling> RETRY =
      Option.block("retry_policy", "When an attempt fails.", RETRY_POLICY, Integrations::retry);
  private static final Option<Boolean> FALL_BACK =
      Option.block("fallback", "What users expect to need.", FALLBACK, block -> true);
  private static final Option<Handling> ERROR_HANDLING =
      Option.block(
          "error_handling",
          "When targets fail.",
          Options.of(RETRY, FALL_BACK, TIMEOUT),
          block -> {
            boolean unused = FALL_BACK.from(block);
            Handling retry = RETRY.from(block);
            return new Handling(
                retry.maxAttempts(),
                retry.strategy(),
                retry.initialDelay(),
                retry.maxDelay(),
                TIMEOUT.from(block));
          });

  private static final Option<Boolean> VERIFY =
      Option.flag("verify_ssl", "Certificates are always verified.")
          .where(
              verify -> verify,
              "true: certificates are always verified; for one of your own authority give the"
                  + " sink its ca_file")
          .or(true);
  private static final Option<List<String>> ALLOWED_HOSTS =
      Option.texts("allowed_hosts", "Hosts that templates may lead to, such as *.company.com.")
          .or(List.of());
  private static final Option<NetworkRules> NETWORK =
      Option.block(
          "network",
          "Where requests may go.",
          Options.of(VERIFY, ALLOWED_HOSTS),
          block -> new NetworkRules(ALLOWED_HOSTS.from(block).stream().map(Glob::of).toList()));
  private static final Option<Boolean> ENCRYPTION =
      Option.block(
          "encryption",
          "Of what is sent.",
          Options.of(
              Option.withoutEffect("enabled", "a target's https:// address turns TLS on"),
              Option.withoutEffect("algorithm", "TLS negotiates it with the target")),
          block -> true);
  private static final Option<Boolean> USE_ENV_VARS =
      Option.flag("use_env_vars", "Secrets are references, always.")
          .where(
              use -> use,
              "true: a secret is \"{{env.NAME}}\" or \"{{file:PATH}}\"; --allow-literal-secrets"
                  + " accepts others")
          .or(true);
  private static final Option<Boolean> CREDENTIALS =
      Option.block(
          "credential_management",
          "Where secrets come from.",
          Options.of(
              USE_ENV_VARS,
              Option.withoutEffect("rotate_tokens", "references are read anew at every start"),
              Option.withoutEffect("audit_access", "secrets are read once, at the start")),
          block -> true);
  private static final Option<NetworkRules> SECURITY =
      Option.block(
          "security",
          "What is trusted.",
          Options.of(ENCRYPTION, CREDENTIALS, NETWORK),
          block -> {
            boolean unused = ENCRYPTION.from(block) && CREDENTIALS.from(block);
            return NETWORK.from(block);
          });

  private static final Option<Boolean> BATCHES =
      Option.flag("batch_processing", "Whether several records share a request.").or(true);
  private static final Option<Optional<Compression>> COMPRESSION =
      Option.choice("compression", "How request bodies are packed.", Compression.class).optional();
  private static final Option<Boolean> POOLED =
      Option.flag("enabled", "Whether connections are used again.").or(true);
  private static final Option<Optional<Integer>> MAX_CONNECTIONS =
      Option.integer("max_connections", "Most connections of a sink to one host.")
          .between(1, 1_000)
          .optional();
  private static final Option<Optional<Duration>> IDLE_TIMEOUT =
      Option.duration("idle_timeout", "How long an unused connection is kept.")
          .between(Duration.ofSeconds(1), Duration.ofHours(24))
          .optional();
  private static final Option<Performance> POOLING =
      Option.block(
          "connection_pooling",
          "How connections are kept.",
          Options.of(POOLED, MAX_CONNECTIONS, IDLE_TIMEOUT),
          block ->
              new Performance(
                  true,
                  Optional.empty(),
                  POOLED.from(block),
                  MAX_CONNECTIONS.from(block),
                  IDLE_TIMEOUT.from(block)));
  private static final Option<Performance> PERFORMANCE =
      Option.block(
          "performance",
          "How requests are made.",
          Options.of(
              Option.withoutEffect("async", "sinks never run inside the test in any case"),
              BATCHES,
              COMPRESSION,
              POOLING),
          block -> {
            Performance pool = POOLING.from(block);
            return new Performance(
                BATCHES.from(block),
                COMPRESSION.from(block),
                pool.pooled(),
                pool.maxConnections(),
                pool.idleTimeout());
          });

  public static final Options OPTIONS = Options.of(ERROR_HANDLING, SECURITY, PERFORMANCE);

  /** Reads the block. */
  static Integrations from(Settings block) {
    return OPTIONS.read(
        block,
        its ->
            new Integrations(ERROR_HANDLING.from(its), SECURITY.from(its), PERFORMANCE.from(its)));
  }

  private static Handling retry(Settings block) {
    return new Handling(
        MAX_ATTEMPTS.from(block),
        STRATEGY.from(block),
        INITIAL_DELAY.from(block),
        MAX_DELAY.from(block),
        Optional.empty());
  }
}
