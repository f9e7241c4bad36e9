package io.tailrace.aggregator.app;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.topology.AggregatorParts;
import io.tailrace.aggregator.topology.AggregatorTopology;
import io.tailrace.aggregator.topology.Faults;
import io.tailrace.aggregator.topology.StatusBoard;
import io.tailrace.record.Aggregate;
import io.tailrace.record.DeadLetter;
import io.tailrace.record.RunCommand;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.service.Health;
import io.tailrace.service.ServiceEndpoint;
import io.tailrace.topics.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.apache.kafka.streams.CloseOptions;
import org.apache.kafka.streams.KafkaStreams;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One instance of the aggregator, from its start to its end. */
public final class Aggregator implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Aggregator.class);
  private static final Duration CLOSING = Duration.ofSeconds(30);

  private final AggregatorConfig config;
  private final Admin admin;
  private final KafkaProducer<byte[], byte[]> ticks;
  private final ScheduledExecutorService chores =
      Executors.newSingleThreadScheduledExecutor(Aggregator::daemon);
  private final List<Future<?>> repeated = new ArrayList<>();
  private final AtomicBoolean stopping = new AtomicBoolean();
  private final CountDownLatch ended = new CountDownLatch(1);
  private final Counters counters = Counters.create();
  private final StatusBoard board = new StatusBoard();
  private final RuleBook ruleBook;
  private final KafkaStreams streams;
  private final ServiceEndpoint endpoint;

  private Aggregator(AggregatorConfig config, Faults faults) {
    this.config = config;
    Topics topics = config.topics();
    Map<String, Object> client = config.kafka().clientProperties();
    admin = Admin.create(client);
    config.catalogue().create(admin, config.replication());
    SchemaRegistry registry = new HttpSchemaRegistry(client);
    ruleBook = RuleBook.open(config.kafka(), registry, topics.rules());
    AggregatorParts parts =
        new AggregatorParts(
            topics,
            partitions(topics.samples()),
            config.rules(),
            registry,
            registerAll(registry, topics),
            StreamsSettings.CHANGELOG,
            new GapReader(config.kafka()),
            board,
            counters,
            ruleBook,
            stopping::get,
            faults);
    streams = new KafkaStreams(AggregatorTopology.of(parts), StreamsSettings.of(config));
    ThreadReplacements replacements = new ThreadReplacements();
    streams.setUncaughtExceptionHandler(replacements);
    streams.setStateListener((now, before) -> onState(now));
    client.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    ticks = new KafkaProducer<>(client, new ByteArraySerializer(), new ByteArraySerializer());
    List<String> watched =
        List.of(
            topics.samples(),
            topics.windows(),
            topics.runs(),
            topics.summaries(),
            topics.violations(),
            topics.commands(),
            config.applicationId() + "-live-changelog");
    StableOffsets offsets = new StableOffsets(admin, watched);
    repeat(new Ticker(topics.samples(), board, admin, ticks), Duration.ofMillis(250));
    repeat(offsets, Duration.ofSeconds(5));
    repeat(
        new DeadTransactions(config.applicationId(), watched, admin, this::isRunning),
        Duration.ofSeconds(1));
    CollectorRegistry metrics = new CollectorRegistry();
    metrics.register(
        new AggregatorMetrics(counters, board, offsets, replacements, ruleBook, topics.samples()));
    endpoint = ServiceEndpoint.start(config.endpoint(), metrics, health(offsets, replacements));
  }

  /** Creates the topics that are missing, and starts. */
  public static Aggregator start(AggregatorConfig config) {
    return start(config, Faults.NONE);
  }

  static Aggregator start(AggregatorConfig config, Faults faults) {
    Aggregator aggregator = new Aggregator(config, faults);
    aggregator.streams.start();
    LOG.info("aggregator {} answers at {}", config.applicationId(), aggregator.endpoint.url());
    return aggregator;
  }

  /** Waits until it has stopped for good; false when that is because it failed. */
  public boolean awaitEnd() throws InterruptedException {
    ended.await();
    return streams.state() != KafkaStreams.State.ERROR;
  }

  public boolean isRunning() {
    return streams.state() == KafkaStreams.State.RUNNING;
  }

  /** Where health and metrics are answered. */
  public ServiceEndpoint endpoint() {
    return endpoint;
  }

  public Counters counters() {
    return counters;
  }

  /** Commits what is done and stops; what is not done, another instance does. */
  @Override
  public void close() {
    if (!stopping.compareAndSet(false, true)) {
      return;
    }
    repeated.forEach(chore -> chore.cancel(true));
    chores.shutdownNow();
    // Who stays in the group is waited for; what is left to do, others can take up at once.
    streams.close(
        CloseOptions.timeout(CLOSING)
            .withGroupMembershipOperation(CloseOptions.GroupMembershipOperation.LEAVE_GROUP));
    ruleBook.close();
    ticks.close(Duration.ofSeconds(5));
    admin.close(Duration.ofSeconds(5));
    endpoint.close();
    ended.countDown();
  }

  private void repeat(Runnable chore, Duration every) {
    repeated.add(
        chores.scheduleWithFixedDelay(
            chore, every.toMillis(), every.toMillis(), TimeUnit.MILLISECONDS));
  }

  private void onState(KafkaStreams.State now) {
    LOG.info("aggregator {} is {}", config.applicationId(), now);
    if (now == KafkaStreams.State.ERROR) {
      ended.countDown();
    }
  }

  private Health health(StableOffsets offsets, ThreadReplacements replacements) {
    Health health = new Health();
    health.live(
        "streams",
        () ->
            streams.state() == KafkaStreams.State.ERROR
                ? Optional.of("Kafka Streams has given up")
                : Optional.empty());
    health.live("threads", replacements::problem);
    health.ready(
        "streams",
        () -> isRunning() ? Optional.empty() : Optional.of("Kafka Streams is " + streams.state()));
    health.ready("stable-offsets", offsets::problem);
    return health;
  }

  private int partitions(String topic) {
    try {
      TopicDescription described =
          admin.describeTopics(List.of(topic)).allTopicNames().get().get(topic);
      return Objects.requireNonNull(described, topic).partitions().size();
    } catch (ExecutionException e) {
      throw new IllegalStateException("cannot look at topic " + topic, e.getCause());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("interrupted while looking at topic " + topic, e);
    }
  }

  /** Registers what is written, so that nothing has to be asked for in the middle of a record. */
  private static int registerAll(SchemaRegistry registry, Topics topics) {
    registry.register(SchemaRegistry.valueSubject(topics.runs()), RunEvent.getClassSchema());
    registry.register(SchemaRegistry.valueSubject(topics.summaries()), RunSummary.getClassSchema());
    registry.register(SchemaRegistry.valueSubject(topics.violations()), Violation.getClassSchema());
    registry.register(SchemaRegistry.valueSubject(topics.commands()), RunCommand.getClassSchema());
    registry.register(
        SchemaRegistry.valueSubject(topics.deadLetters()), DeadLetter.getClassSchema());
    return registry.register(
        SchemaRegistry.valueSubject(topics.windows()), Aggregate.getClassSchema());
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "aggregator-chores");
    thread.setDaemon(true);
    return thread;
  }
}
