package io.tailrace.sink.core.runner;

import io.tailrace.record.Aggregate;
import io.tailrace.record.Series;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.OnceNote;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Which series of a run a sink sends when they are limited: those that came first, in every life.
 * The whole run and what the aggregator has folded are always sent. Not thread-safe.
 */
final class SeriesBudget {
  private static final Logger log = LoggerFactory.getLogger(SeriesBudget.class);
  private static final Set<String> ALWAYS = Set.of("*", "__other__");
  private static final int MOST_RUNS = 256;

  /** As many series as there are. */
  static final int NO_LIMIT = Integer.MAX_VALUE;

  private static final class Chosen {
    final Set<Long> series = new LinkedHashSet<>();
    boolean unsaved;
    boolean said;
  }

  private final String sink;
  private final int most;
  private final OnceJournal memory;
  private final Map<String, Chosen> runs = new LinkedHashMap<>();

  /**
   * @param most series of one run
   * @param memory where the choice is kept for the next life
   */
  SeriesBudget(String sink, int most, OnceJournal memory) {
    this.sink = sink;
    this.most = most;
    this.memory = memory;
  }

  /** Whether it is to be sent; {@link #save} must be called before it is. */
  boolean admits(Item item) throws IOException, InterruptedException {
    if (most == NO_LIMIT || item.feed() != Feed.AGGREGATES) {
      return true;
    }
    Aggregate aggregate = item.as(Aggregate.class);
    if (ALWAYS.contains(aggregate.getSeries().getName())) {
      return true;
    }
    Chosen chosen = chosen(aggregate.getRun());
    long id = id(aggregate.getSeries());
    if (chosen.series.contains(id)) {
      return true;
    }
    if (chosen.series.size() < most) {
      chosen.series.add(id);
      chosen.unsaved = true;
      return true;
    }
    if (!chosen.said) {
      chosen.said = true;
      log.warn(
          "sink {}: run {} has more than the {} series of max_series; further ones are not sent",
          sink,
          aggregate.getRun(),
          most);
    }
    return false;
  }

  /** Keeps what was chosen, so that the next life chooses the same. */
  void save() throws IOException, InterruptedException {
    for (Map.Entry<String, Chosen> run : runs.entrySet()) {
      if (run.getValue().unsaved) {
        memory.write(key(run.getKey()), new OnceNote(true, text(run.getValue().series)));
        run.getValue().unsaved = false;
      }
    }
    // What is forgotten here is read again when the run says something more.
    while (runs.size() > MOST_RUNS) {
      runs.remove(runs.keySet().iterator().next());
    }
  }

  private Chosen chosen(String run) throws IOException, InterruptedException {
    Chosen known = runs.get(run);
    if (known == null) {
      known = new Chosen();
      String text = memory.read(key(run)).map(OnceNote::outcome).orElse("");
      ByteBuffer ids = ByteBuffer.wrap(Base64.getDecoder().decode(text));
      while (ids.remaining() >= Long.BYTES) {
        known.series.add(ids.getLong());
      }
      runs.put(run, known);
    }
    return known;
  }

  private static String key(String run) {
    return "series/" + run;
  }

  private static String text(Set<Long> series) {
    ByteBuffer ids = ByteBuffer.allocate(series.size() * Long.BYTES);
    series.forEach(ids::putLong);
    return Base64.getEncoder().encodeToString(ids.array());
  }

  /** Sixty-four bits tell the few thousand series of a run apart. */
  private static long id(Series series) {
    Map<String, String> parts = new TreeMap<>(series.getTags());
    String text =
        series.getName() + '\n' + series.getMethod() + '\n' + series.getGroup() + '\n' + parts;
    // FNV-1a.
    long hash = 0xcbf29ce484222325L;
    for (byte each : text.getBytes(StandardCharsets.UTF_8)) {
      hash = (hash ^ (each & 0xff)) * 0x100000001b3L;
    }
    return hash;
  }
}
