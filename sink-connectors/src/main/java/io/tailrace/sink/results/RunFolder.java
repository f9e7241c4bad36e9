package io.tailrace.sink.results;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.record.RunSummary;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * The results of one run. Windows and the summary come over different topics in either order, so
 * the reports are written anew from what is on the disk whenever one of them changes.
 */
final class RunFolder {
  /** What a run's end leaves for CI; the latest run's are copied one folder up. */
  static final List<String> REPORTS = List.of("metrics.json", "junit.xml", "summary.md");

  private static final String SUMMARY = ".summary.json";

  private final Path folder;
  private final WindowsFile windows;

  private RunFolder(Path folder, WindowsFile windows) {
    this.folder = folder;
    this.windows = windows;
  }

  static RunFolder open(Path root, String name) throws IOException {
    Path folder = root.resolve(name);
    return new RunFolder(folder, WindowsFile.open(folder));
  }

  /** What comes from outside names a folder in the one it stands in and nothing else. */
  static String safeName(String run) {
    String safe = run.replaceAll("[^A-Za-z0-9_.-]", "_");
    boolean unchanged = safe.equals(run) && !safe.startsWith(".") && safe.length() <= 120;
    return unchanged && !safe.isEmpty()
        ? safe
        : "run-"
            + safe.substring(0, Math.min(80, safe.length())).replace('.', '_')
            + "-"
            + Integer.toHexString(run.hashCode());
  }

  void addWindows(List<WindowsFile.Line> lines) throws IOException {
    windows.append(lines);
  }

  /** Keeps the summary unless a newer revision is already here. */
  void keep(RunSummary summary) throws IOException {
    Optional<ObjectNode> known = summary();
    if (known.isEmpty() || known.get().path("revision").asInt() <= summary.getRevision()) {
      write(SUMMARY, ResultJson.pretty(ResultJson.summary(summary)));
      write("junit.xml", JunitXml.of(summary));
    }
  }

  /** Writes what needs both the summary and the totals, if the run has ended. */
  boolean report() throws IOException {
    Optional<ObjectNode> summary = summary();
    if (summary.isEmpty()) {
      return false;
    }
    ObjectNode metrics = summary.get();
    metrics.putArray("totals").addAll(totals());
    write("metrics.json", ResultJson.pretty(metrics));
    write("summary.md", SummaryMarkdown.of(metrics));
    return true;
  }

  void copyReportsTo(Path root) throws IOException {
    for (String report : REPORTS) {
      replace(root.resolve(report), Files.readAllBytes(folder.resolve(report)));
    }
  }

  private Optional<ObjectNode> summary() throws IOException {
    try {
      String text = Files.readString(folder.resolve(SUMMARY));
      return Optional.of((ObjectNode) ResultJson.parse(text));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    }
  }

  /** The newest revision of every series' total, the run's own first, then the busiest. */
  private Collection<JsonNode> totals() throws IOException {
    Map<String, JsonNode> newest = new HashMap<>();
    try (BufferedReader lines = Files.newBufferedReader(windows.file(), StandardCharsets.UTF_8)) {
      for (String line = lines.readLine(); line != null; line = lines.readLine()) {
        // Cheap before dear: most lines are windows.
        if (line.contains("\"total\":true")) {
          JsonNode total = ResultJson.parse(line);
          newest.put(
              total.path("series")
                  + "|"
                  + total.path("method")
                  + "|"
                  + total.path("group")
                  + "|"
                  + total.path("tags"),
              total);
        }
      }
    } catch (NoSuchFileException e) {
      return List.of();
    }
    return newest.values().stream()
        .sorted(
            Comparator.comparing((JsonNode total) -> !total.path("series").asText().equals("*"))
                .thenComparing(total -> -total.path("requests").asLong())
                .thenComparing(total -> total.path("series").asText()))
        .toList();
  }

  private void write(String name, String text) throws IOException {
    replace(folder.resolve(name), text.getBytes(StandardCharsets.UTF_8));
  }

  /** Readers see the old file or the new one, never half of it. */
  private static void replace(Path file, byte[] bytes) throws IOException {
    Path fresh = file.resolveSibling(file.getFileName() + ".new");
    Files.write(fresh, bytes);
    Files.move(fresh, file, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
  }
}
