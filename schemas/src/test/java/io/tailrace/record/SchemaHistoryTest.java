package io.tailrace.record;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.fail;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.apache.avro.Schema;
import org.apache.avro.SchemaCompatibility;
import org.apache.avro.SchemaCompatibility.SchemaCompatibilityType;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Holds every topic's schema to all its released versions, in both directions. A version that was
 * once released stays in {@code history} as it was.
 */
class SchemaHistoryTest {
  private static final Path HISTORY = Path.of("src", "test", "resources", "history");

  static Stream<Schema> topicRecords() {
    return Stream.of(
        SampleBatch.getClassSchema(),
        Aggregate.getClassSchema(),
        Violation.getClassSchema(),
        RunEvent.getClassSchema(),
        RunSummary.getClassSchema(),
        RuleSet.getClassSchema(),
        RunCommand.getClassSchema(),
        DeadLetter.getClassSchema());
  }

  @ParameterizedTest
  @MethodSource("topicRecords")
  void isItsLatestVersionInHistory(Schema current) {
    List<Schema> versions = versions(current);
    assertThat(versions).as("versions of %s in %s", current.getName(), HISTORY).isNotEmpty();
    // With docs and defaults, which the canonical form leaves out.
    assertThat(versions.get(versions.size() - 1).toString())
        .as(
            "%s has changed: write it to %s as v%d.avsc",
            current.getName(), HISTORY.resolve(current.getName()), versions.size() + 1)
        .isEqualTo(current.toString());
  }

  @ParameterizedTest
  @MethodSource("topicRecords")
  void isReadableByAndReadsEveryVersion(Schema current) {
    for (Schema version : versions(current)) {
      assertReads(current, version);
      assertReads(version, current);
    }
  }

  private static void assertReads(Schema reader, Schema writer) {
    var result = SchemaCompatibility.checkReaderWriterCompatibility(reader, writer);
    if (result.getType() != SchemaCompatibilityType.COMPATIBLE) {
      fail(reader.getName() + ": " + result.getResult().getIncompatibilities());
    }
  }

  @ParameterizedTest
  @MethodSource("topicRecords")
  void saysWhatEveryFieldIs(Schema current) {
    List<String> silent = new ArrayList<>();
    collectSilent(current, current.getName(), silent, new ArrayList<>());
    assertThat(silent).as("records, enums and fields without a doc").isEmpty();
  }

  private static void collectSilent(
      Schema schema, String path, List<String> silent, List<Schema> seen) {
    switch (schema.getType()) {
      case RECORD -> {
        if (seen.contains(schema)) {
          return;
        }
        seen.add(schema);
        noteSilent(schema.getDoc(), path, silent);
        for (Schema.Field field : schema.getFields()) {
          String fieldPath = path + "." + field.name();
          noteSilent(field.doc(), fieldPath, silent);
          collectSilent(field.schema(), fieldPath, silent, seen);
        }
      }
      case ENUM -> noteSilent(schema.getDoc(), path, silent);
      case ARRAY -> collectSilent(schema.getElementType(), path, silent, seen);
      case MAP -> collectSilent(schema.getValueType(), path, silent, seen);
      case UNION -> schema.getTypes().forEach(type -> collectSilent(type, path, silent, seen));
      case FIXED, STRING, BYTES, INT, LONG, FLOAT, DOUBLE, BOOLEAN, NULL -> {}
    }
  }

  private static void noteSilent(@Nullable String doc, String path, List<String> silent) {
    if (doc == null || doc.isBlank()) {
      silent.add(path);
    }
  }

  private static List<Schema> versions(Schema current) {
    List<Schema> versions = new ArrayList<>();
    while (true) {
      Path file = HISTORY.resolve(current.getName()).resolve("v" + (versions.size() + 1) + ".avsc");
      if (!Files.exists(file)) {
        return versions;
      }
      try {
        versions.add(new Schema.Parser().parse(Files.readString(file)));
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }
}
