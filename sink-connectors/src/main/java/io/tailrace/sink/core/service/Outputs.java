package io.tailrace.sink.core.service;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.config.TopicsConfig;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Pages;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.topics.TopicCatalogue;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.UnaryOperator;

/** The sinks that a configuration asks for, made but not started. */
public final class Outputs implements AutoCloseable {
  public static final String BLOCK = "outputs";
  public static final String ALL = "all";

  private final KafkaConnection kafka;
  private final TopicsConfig topics;
  private final EndpointConfig endpoint;
  private final CollectorRegistry registry = new CollectorRegistry();
  private final Pages pages = new Pages();
  private final List<Output> sinks = new ArrayList<>();
  private final List<String> notes = new ArrayList<>();

  private Outputs(KafkaConnection kafka, TopicsConfig topics, EndpointConfig endpoint) {
    this.kafka = kafka;
    this.topics = topics;
    this.endpoint = endpoint;
  }

  /**
   * Reads the whole configuration and makes the sinks; throws all faults at once.
   *
   * @param wanted the key of one block below outputs, or {@link #ALL} that are enabled
   * @param reachable completes a connection that the configuration leaves open
   */
  public static Outputs open(
      Settings root, String wanted, UnaryOperator<KafkaConnection> reachable) {
    List<Output> made = new ArrayList<>();
    try {
      return root.read(settings -> read(settings, wanted, reachable, made));
    } catch (RuntimeException e) {
      made.forEach(Output::close);
      throw e;
    }
  }

  private static Outputs read(
      Settings root, String wanted, UnaryOperator<KafkaConnection> reachable, List<Output> made) {
    KafkaConnection kafka = reachable.apply(KafkaConnection.from(root));
    TopicsConfig topics =
        TopicsConfig.from(root.block(TopicsConfig.BLOCK), TopicCatalogue.DEFAULT_PARTITIONS);
    Outputs outputs =
        new Outputs(kafka, topics, EndpointConfig.from(root.block(EndpointConfig.BLOCK)));
    Integrations integrations = Integrations.from(root.block(Integrations.BLOCK));
    Settings block = root.block(BLOCK);
    SinkCatalogue catalogue = SinkCatalogue.load();
    SinkMetrics metrics = SinkMetrics.of("", outputs.registry);
    List<String> names = new ArrayList<>(block.keys());
    if (!wanted.equals(ALL)) {
      block.declare(names.toArray(String[]::new));
      names = List.of(wanted);
    }
    for (String name : names) {
      outputs
          .make(block, name, wanted.equals(ALL), integrations, catalogue, metrics)
          .ifPresent(
              output -> {
                made.add(output);
                outputs.sinks.add(output);
              });
    }
    outputs.notes.addAll(root.notes());
    return outputs;
  }

  private Optional<Output> make(
      Settings outputs,
      String name,
      boolean onlyEnabled,
      Integrations integrations,
      SinkCatalogue catalogue,
      SinkMetrics metrics) {
    if (outputs.isList(name)) {
      outputs.fault(name, catalogue.missing(name));
      return Optional.empty();
    }
    Settings block = outputs.block(name);
    String type = block.text("type").or(name);
    Optional<SinkProvider> provider = catalogue.named(type);
    if (provider.isEmpty()) {
      block.declare(block.keys().toArray(String[]::new));
      if (!onlyEnabled || block.flag("enabled").or(true)) {
        outputs.fault(name, catalogue.missing(type));
      }
      return Optional.empty();
    }
    CoreOptions core = new CoreOptions(provider.get().tuning(), integrations);
    if (onlyEnabled && !core.isEnabled(block)) {
      block.declare(block.keys().toArray(String[]::new));
      return Optional.empty();
    }
    return Optional.of(make(block, name, provider.get(), core, integrations, metrics));
  }

  private Output make(
      Settings block,
      String name,
      SinkProvider provider,
      CoreOptions core,
      Integrations integrations,
      SinkMetrics metrics) {
    Http http = Http.open(core.http(block), integrations.network());
    KafkaOnceJournal journal =
        new KafkaOnceJournal(name, topics.topics().sinkState(), kafka.clientProperties());
    SinkMetrics own = metrics.forSink(name);
    SinkContext context =
        new SinkContext(
            name,
            http,
            core.shape(block),
            own,
            pages,
            new JournaledOnce(journal, own),
            Clock.systemUTC());
    try {
      Sink sink =
          core.options()
              .read(
                  block, its -> provider.options().read(its, all -> provider.create(all, context)));
      return new Output(
          name,
          sink,
          provider.feeds(block),
          core.pace(block),
          core.selection(block),
          core.limits(block),
          http,
          journal,
          block.redaction());
    } catch (RuntimeException e) {
      http.close();
      throw e;
    }
  }

  /** Connects and authenticates with each sink, and tells how that went. */
  public List<SinkCheck> check() {
    return sinks.stream().map(SinkCheck::of).toList();
  }

  /** What the configuration says that cannot have an effect, with the reasons. */
  public List<String> notes() {
    return List.copyOf(notes);
  }

  public List<String> names() {
    return sinks.stream().map(Output::name).toList();
  }

  List<Output> sinks() {
    return sinks;
  }

  KafkaConnection kafka() {
    return kafka;
  }

  TopicsConfig topics() {
    return topics;
  }

  EndpointConfig endpoint() {
    return endpoint;
  }

  CollectorRegistry registry() {
    return registry;
  }

  Pages pages() {
    return pages;
  }

  @Override
  public void close() {
    sinks.forEach(Output::close);
  }
}
