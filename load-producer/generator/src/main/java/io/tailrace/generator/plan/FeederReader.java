package io.tailrace.generator.plan;

import io.tailrace.config.Settings;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads the {@code feeders:} block and the CSV files it names. */
final class FeederReader {

  private static final long MAX_FILE_BYTES = 256L << 20;

  /** In which order rows are handed out. */
  enum Order {
    SEQUENTIAL,
    RANDOM
  }

  private FeederReader() {}

  static Map<String, Feeder> read(Settings feeders) {
    Map<String, Feeder> read = new LinkedHashMap<>();
    feeders
        .namedBlocks()
        .forEach(
            (name, block) -> {
              Feeder feeder = feeder(name, block);
              if (feeder != null) {
                read.put(name, feeder);
              }
            });
    return read;
  }

  private static @Nullable Feeder feeder(String name, Settings block) {
    boolean random = block.choice("order", Order.class).or(Order.SEQUENTIAL) == Order.RANDOM;
    Path file = block.path("file").required();
    if (!block.has("file")) {
      return null;
    }
    try {
      if (!Files.isRegularFile(file)) {
        block.refuse("file", "a CSV file; there is none at " + file);
        return null;
      }
      if (Files.size(file) > MAX_FILE_BYTES) {
        block.refuse("file", "a CSV file of at most 256 MiB");
        return null;
      }
      return feeder(name, Csv.rows(Files.readString(file)), random);
    } catch (IOException | IllegalArgumentException e) {
      block.refuse("file", "a CSV file in UTF-8 with a line of column names: " + e.getMessage());
      return null;
    }
  }

  private static Feeder feeder(String name, List<List<String>> lines, boolean random) {
    if (lines.size() < 2) {
      throw new IllegalArgumentException("it has no rows below the column names");
    }
    List<String> columns = lines.get(0);
    if (new HashSet<>(columns).size() < columns.size()) {
      throw new IllegalArgumentException("two columns have the same name");
    }
    for (int i = 1; i < lines.size(); i++) {
      if (lines.get(i).size() != columns.size()) {
        throw new IllegalArgumentException(
            "row "
                + i
                + " has "
                + lines.get(i).size()
                + " values for "
                + columns.size()
                + " columns");
      }
    }
    return new Feeder(name, columns, lines.subList(1, lines.size()), random);
  }
}
