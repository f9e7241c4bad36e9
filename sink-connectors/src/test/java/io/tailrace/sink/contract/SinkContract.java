package io.tailrace.sink.contract;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import ch.qos.logback.classic.Level;
import ch.qos.logback.classic.Logger;
import ch.qos.logback.classic.spi.ILoggingEvent;
import ch.qos.logback.core.read.ListAppender;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import io.tailrace.config.Redaction;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.record.DeadLetter;
import io.tailrace.service.Pages;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Fault;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.runner.DryRun;
import java.io.IOException;
import java.io.StringWriter;
import java.net.URI;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.avro.specific.SpecificRecord;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.slf4j.LoggerFactory;

/**
 * What every sink that talks HTTP must do, whatever its target does; a sink opts in by subclassing.
 */
@Timeout(60)
public abstract class SinkContract {
  private static final HttpConfig IMPATIENT =
      HttpConfig.DEFAULT.withTimeout(Duration.ofMillis(1_500));
  private static final int BATCH = 100;
  private static final int MOST_REFUSALS = 8;

  /** What leaves a client not knowing whether its request was done. */
  private static final Set<Fault> DOUBTS =
      EnumSet.of(Fault.HANG, Fault.RESET, Fault.GARBAGE, Fault.ANSWER_LOST);

  /** One record of the feed it belongs to. */
  public record Entry(Feed feed, SpecificRecord value) {}

  private final Map<String, String> environment = new HashMap<>();
  private final CollectorRegistry registry = new CollectorRegistry();
  private final SinkMetrics families = SinkMetrics.of("test", registry);
  private final OnceJournal journal = OnceJournal.inMemory();
  private Redaction redaction = new Redaction();
  private final List<AutoCloseable> closing = new ArrayList<>();
  private final ListAppender<ILoggingEvent> logged = new ListAppender<>();

  /** The sink under test. */
  protected abstract SinkProvider provider();

  /** The target's behaviour, with a store of its own for each test instance. */
  protected abstract Answer vendor(StubTarget.Request request) throws IOException;

  /**
   * The sink's block as YAML, without indentation and without its own key; secrets and whatever
   * else should never be seen as {@code {{env.SECRET_...}}}, each variable a canary.
   */
  protected abstract String block(URI target);

  /** The record of that number, different from all others, such as the sink delivers. */
  protected abstract Entry record(int number);

  /** What the target holds now: one text for each thing stored, in any order, duplicates kept. */
  protected abstract List<String> stored();

  /** What the target must hold for a record; the default is one text. */
  protected abstract List<String> expected(Entry entry);

  /** Makes the target refuse a record for good, with its own error, wherever it comes up. */
  protected abstract void refuse(Entry entry);

  /**
   * Whether a request may be made again when nobody knows what became of the first. Where that
   * would count twice, it is counted as ambiguous instead.
   */
  protected boolean isRepeatable() {
    return true;
  }

  /** Further variables of the environment that the block refers to. */
  protected Map<String, String> variables() {
    return Map.of();
  }

  @BeforeEach
  final void listen() {
    Logger root = (Logger) LoggerFactory.getLogger("io.tailrace");
    root.setLevel(Level.TRACE);
    logged.start();
    root.addAppender(logged);
  }

  @AfterEach
  final void close() throws Exception {
    for (int i = closing.size() - 1; i >= 0; i--) {
      closing.get(i).close();
    }
    Logger root = (Logger) LoggerFactory.getLogger("io.tailrace");
    root.detachAppender(logged);
    root.setLevel(null);
  }

  @Test
  void storesOneAndMany() throws Exception {
    StubTarget target = target();
    for (int count : new int[] {1, 250}) {
      List<Entry> entries = entries(count);
      DryRun run = run(target, entries);
      DryRun.Result result = run.run();
      assertThat(result.delivered()).isEqualTo(count);
      assertThat(result.retries()).isEmpty();
      assertStored(entries);
    }
    assertThat(target.strangers()).isEmpty();
  }

  @Test
  void makesNoRequestForNothing() throws Exception {
    StubTarget target = target();
    run(target, List.of()).run();
    assertThat(target.requests()).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"UNAVAILABLE", "THROTTLED", "HANG", "RESET", "GARBAGE", "ANSWER_LOST"})
  void losesAndDoublesNothingThroughA(Fault fault) throws Exception {
    StubTarget target = target();
    List<Entry> entries = entries(30);
    target.failNext(fault, fault);
    DryRun run = run(target, entries);
    DryRun.Result result = run.run();

    assertThat(result.deadLettered()).isZero();
    if (!isRepeatable() && DOUBTS.contains(fault)) {
      assertCountedAsAmbiguous(entries, target);
      return;
    }
    assertThat(result.retries()).isNotEmpty();
    assertStored(entries);
    if (fault == Fault.THROTTLED) {
      assertThat(result.waited())
          .as("as long as Retry-After says")
          .isGreaterThan(Duration.ofSeconds(2));
    }
    assertThat(target.strangers()).isEmpty();
  }

  @Test
  void isolatesTheOneRecordThatIsRefused() throws Exception {
    StubTarget target = target();
    List<Entry> entries = new ArrayList<>(entries(20));
    Entry bad = entries.get(7);
    refuse(bad);
    DryRun run = run(target, entries);
    DryRun.Result result = run.run();

    entries.remove(bad);
    assertStored(entries);
    assertThat(result.deadLettered()).isEqualTo(1);
    assertThat(run.deadLetters())
        .singleElement()
        .satisfies(
            letter -> {
              assertThat(letter.getOffset()).isEqualTo(7);
              assertThat(letter.getDetail()).isNotBlank();
            });
  }

  @Test
  void aRedeliveryChangesNothing() throws Exception {
    StubTarget target = target();
    List<Entry> entries = entries(30);
    DryRun run = run(target, entries);
    run.run();
    run.run();
    assertStored(entries);
  }

  @Test
  void standsStillWhileMisconfigured() throws Exception {
    StubTarget target = target();
    target.failAlways(Fault.UNAUTHORIZED);
    List<Entry> entries = entries(30);
    DryRun run = run(target, entries);
    DryRun.Result result = run.run(3);
    assertThat(result.stuck()).isNotEmpty();
    assertThat(result.delivered() + result.deadLettered()).isZero();

    target.heal();
    assertThat(run.run().deadLettered()).isZero();
    assertStored(entries);
  }

  @Test
  void aTargetThatIsDownAtTheStartIsWaitedFor() throws Exception {
    StubTarget gone = target();
    int port = gone.port();
    gone.close();
    List<Entry> entries = entries(30);
    Sink sink = sink(gone.url(), OnceJournal.inMemory());
    assertThatThrownBy(sink::check).isInstanceOf(Exception.class).hasMessageNotContaining("canary");
    DryRun run = feed(sink, entries);
    DryRun.Result waiting = run.run(3);
    assertThat(waiting.retries()).isNotEmpty();
    assertThat(waiting.deadLettered()).isZero();

    closing.add(StubTarget.startAt(port, this::vendor));
    run.run();
    assertStored(entries);
  }

  @Test
  void checksWithoutStoringAnything() throws Exception {
    StubTarget target = target();
    sink(target.url(), journal).check();
    assertThat(stored()).isEmpty();
    assertThat(target.strangers()).isEmpty();

    target.failAlways(Fault.UNAUTHORIZED);
    assertThatThrownBy(sink(target.url(), journal)::check).isInstanceOf(Exception.class);
  }

  @Test
  void endsAtOnceWhenToldTo() throws Exception {
    StubTarget target = target();
    target.failAlways(Fault.HANG);
    Sink sink = sink(target.url(), journal);
    Entry entry = record(1);
    Item item = new Item(entry.feed(), new Origin("t", 0, 0), entry.value());
    Thread worker =
        new Thread(
            () -> {
              try {
                Object unused = sink.deliver(List.of(item));
              } catch (Exception e) {
                // As it should be.
              }
            });
    worker.start();
    while (target.requests().isEmpty() && worker.isAlive()) {
      Thread.onSpinWait();
    }
    worker.interrupt();
    worker.join(2_000);
    assertThat(worker.isAlive()).isFalse();
    sink.close();
  }

  @Test
  void neverShowsASecret() throws Exception {
    StubTarget target = target();
    List<Entry> entries = entries(6);
    List<String> shown = new ArrayList<>();
    for (Fault fault : Fault.values()) {
      if (fault != Fault.DRIP) {
        target.failNext(fault);
        shown.addAll(feed(sink(target.url(), OnceJournal.inMemory()), entries).run(2).retries());
        target.heal();
      }
    }
    List<DeadLetter> letters = new ArrayList<>();
    // Some number of refusals leaves one record alone, which is given up on; then for good.
    for (int times = 1; times <= MOST_REFUSALS; times++) {
      if (times == MOST_REFUSALS) {
        target.failAlways(Fault.ECHO);
      } else {
        target.failNext(Collections.nCopies(times, Fault.ECHO).toArray(Fault[]::new));
      }
      // With a memory of its own: what was done is not done again.
      DryRun run = feed(sink(target.url(), OnceJournal.inMemory()), entries);
      DryRun.Result echoed = run.run(4);
      shown.addAll(echoed.retries());
      shown.addAll(echoed.stuck());
      letters.addAll(run.deadLetters());
      if (times < MOST_REFUSALS) {
        target.heal();
      }
    }
    letters.stream().map(DeadLetter::getDetail).forEach(shown::add);
    assertThat(letters).as("an echoed request is a refusal").isNotEmpty();
    Sink sink = sink(target.url(), journal);
    try {
      sink.check();
    } catch (Exception e) {
      shown.add(redaction.clean(String.valueOf(e.getMessage())));
    }
    shown.add(sink.toString());
    logged.list.forEach(event -> shown.add(event.getFormattedMessage()));
    StringWriter metrics = new StringWriter();
    TextFormat.write004(metrics, registry.metricFamilySamples());
    shown.add(metrics.toString());

    for (String canary : environment.values()) {
      assertThat(shown).noneMatch(text -> text.contains(canary));
    }
  }

  /** For sinks that learn of a refusal by the answer to a whole request. */
  protected final void assertStandsStillWhereEverythingIsRefused() throws Exception {
    StubTarget target = target();
    target.failAlways(Fault.ECHO);
    DryRun run = run(target, entries(30));
    DryRun.Result result = run.run(3);
    assertThat(result.stuck()).isNotEmpty();
    assertThat(result.delivered()).isZero();
    assertThat(result.deadLettered()).as("before that was noticed").isLessThanOrEqualTo(10);
  }

  private void assertStored(List<Entry> entries) {
    assertThat(stored().stream().sorted().toList()).isEqualTo(all(entries));
  }

  private List<String> all(List<Entry> entries) {
    return entries.stream().flatMap(entry -> expected(entry).stream()).sorted().toList();
  }

  /** Every request that came was in doubt: none was made again, each was counted. */
  private void assertCountedAsAmbiguous(List<Entry> entries, StubTarget target) {
    assertThat(stored()).doesNotHaveDuplicates().isSubsetOf(all(entries));
    String[] labels = {"sink"};
    String[] values = {provider().name()};
    assertThat(registry.getSampleValue("tailrace_sink_ambiguous_total", labels, values))
        .isEqualTo(target.requests().size());
  }

  private List<Entry> entries(int count) {
    return IntStream.range(0, count).mapToObj(this::record).collect(Collectors.toList());
  }

  private StubTarget target() {
    StubTarget target = StubTarget.start(this::vendor);
    closing.add(target);
    return target;
  }

  private DryRun run(StubTarget target, List<Entry> entries) {
    return feed(sink(target.url(), journal), entries);
  }

  private DryRun feed(Sink sink, List<Entry> entries) {
    DryRun run = new DryRun(sink, BATCH, redaction);
    entries.forEach(entry -> run.add(entry.feed(), entry.value()));
    return run;
  }

  private Sink sink(URI url, OnceJournal once) {
    Http http = Http.open(IMPATIENT, NetworkRules.DEFAULT);
    closing.add(http);
    String name = provider().name();
    SinkMetrics metrics = families.forSink(name);
    SinkContext context =
        new SinkContext(
            name,
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(once, metrics),
            Clock.systemUTC());
    Settings settings = settings(url);
    redaction = settings.redaction();
    Sink sink =
        settings.read(
            block -> provider().options().read(block, its -> provider().create(its, context)));
    closing.add(sink);
    return sink;
  }

  /** Every variable named SECRET_... that the block refers to is a canary. */
  private Settings settings(URI url) {
    String yaml = block(url);
    Matcher names = Pattern.compile("env\\.(SECRET_[A-Z_]+)").matcher(yaml);
    while (names.find()) {
      environment.computeIfAbsent(
          names.group(1), name -> "canary-" + name.toLowerCase(Locale.ROOT) + "-7f3a9");
    }
    Map<String, String> all = new HashMap<>(variables());
    all.putAll(environment);
    return Settings.of(SettingsSource.ofYaml(yaml).withEnvironment(all));
  }
}
