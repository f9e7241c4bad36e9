package io.tailrace.sink.results;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunSummary;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
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
  private static final int MOST_NAMES = 1_000;

  private final Path root;
  private final Template runFolder;

  /** Folders by run: a name is not rendered anew for every window. */
  private final Map<String, String> names =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, String> eldest) {
          return size() > MOST_NAMES;
        }
      };

  ResultsSink(ResultsConfig config) {
    this.root = config.folder();
    this.runFolder = config.runFolder();
  }

  /** With a folder for each run, named after it. */
  public ResultsSink(Path root) {
    this(new ResultsConfig(root, ResultsConfig.BY_RUN));
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
      names.computeIfAbsent(
          aggregate.getRun(), unused -> runFolder.render(TemplateModel.of(aggregate)));
      lines
          .computeIfAbsent(aggregate.getRun(), unused -> new ArrayList<>())
          .add(new WindowsFile.Line(item.origin().offset(), ResultJson.line(aggregate)));
      if (aggregate.getTotal()) {
        withTotals.add(aggregate.getRun());
      }
    }
    for (Map.Entry<String, List<WindowsFile.Line>> run : lines.entrySet()) {
      RunFolder folder = RunFolder.open(root, names.getOrDefault(run.getKey(), run.getKey()));
      folder.addWindows(run.getValue());
      if (withTotals.contains(run.getKey())) {
        report(folder);
      }
    }
  }

  private void summaries(List<Item> batch) throws IOException {
    for (Item item : batch) {
      RunSummary summary = item.as(RunSummary.class);
      String name =
          names.computeIfAbsent(
              summary.getRun(), unused -> runFolder.render(TemplateModel.of(summary)));
      RunFolder folder = RunFolder.open(root, name);
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
