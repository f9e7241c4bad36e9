package io.tailrace.sink.results;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunSummary;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Writes results as files; batches of different partitions take turns. */
public final class ResultsSink implements Sink {
  private final Path root;

  ResultsSink(ResultsConfig config) {
    this(config.folder());
  }

  public ResultsSink(Path root) {
    this.root = root;
  }

  @Override
  public synchronized Delivery deliver(List<Item> batch) throws IOException {
    if (Files.exists(root) && !Files.isDirectory(root)) {
      return new Delivery.Misconfigured(root + " is not a folder");
    }
    try {
      switch (batch.get(0).feed()) {
        case AGGREGATES -> windows(batch);
        case SUMMARIES -> summaries(batch);
        case VIOLATIONS, RUN_EVENTS ->
            throw new IllegalArgumentException("results consumes aggregates and summaries only");
      }
      return Delivery.accepted();
    } catch (AccessDeniedException e) {
      return new Delivery.Misconfigured("not allowed to write " + e.getMessage());
    }
  }

  private void windows(List<Item> batch) throws IOException {
    Map<String, List<WindowsFile.Line>> lines = new LinkedHashMap<>();
    Set<String> withTotals = new LinkedHashSet<>();
    for (Item item : batch) {
      Aggregate aggregate = item.as(Aggregate.class);
      lines
          .computeIfAbsent(aggregate.getRun(), unused -> new ArrayList<>())
          .add(new WindowsFile.Line(item.origin().offset(), ResultJson.line(aggregate)));
      if (aggregate.getTotal()) {
        withTotals.add(aggregate.getRun());
      }
    }
    for (Map.Entry<String, List<WindowsFile.Line>> run : lines.entrySet()) {
      RunFolder folder = RunFolder.open(root, run.getKey());
      folder.addWindows(run.getValue());
      if (withTotals.contains(run.getKey())) {
        report(folder);
      }
    }
  }

  private void summaries(List<Item> batch) throws IOException {
    for (Item item : batch) {
      RunSummary summary = item.as(RunSummary.class);
      RunFolder folder = RunFolder.open(root, summary.getRun());
      folder.keep(summary);
      report(folder);
    }
  }

  private void report(RunFolder folder) throws IOException {
    if (folder.report()) {
      folder.copyReportsTo(root);
    }
  }

  @Override
  public void check() throws IOException {
    Files.createDirectories(root);
    Files.delete(Files.createTempFile(root, ".check", ""));
  }

  @Override
  public void close() {}
}
