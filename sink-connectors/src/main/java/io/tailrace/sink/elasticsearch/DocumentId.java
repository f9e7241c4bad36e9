package io.tailrace.sink.elasticsearch;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Series;
import io.tailrace.record.Violation;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Arrays;
import java.util.Base64;
import java.util.Map;
import java.util.TreeMap;

/**
 * Ids that a record has for good: the same however often it is delivered, and the same for its
 * corrections. Hashed, since names may be longer than the 512 bytes that an id may have.
 */
final class DocumentId {
  private static final int BYTES = 18;

  private final MessageDigest digest;

  private DocumentId(String kind) {
    try {
      digest = MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
    text(kind);
  }

  static String of(Aggregate aggregate) {
    return aggregate("window", aggregate).text();
  }

  /** One metric of an aggregate, where each has a document of its own. */
  static String of(Aggregate aggregate, String metric) {
    return aggregate("metric", aggregate).text(metric).text();
  }

  static String of(Violation violation) {
    return new DocumentId("violation").text(violation.getRun()).text(violation.getId()).text();
  }

  static String of(RunEvent event) {
    String node = event.getNode();
    return new DocumentId("event")
        .text(event.getRun())
        .text(event.getKind().name())
        .text(node == null ? "" : node)
        .number(event.getAtMicros())
        .text();
  }

  static String of(RunSummary summary) {
    return new DocumentId("summary").text(summary.getRun()).text();
  }

  private static DocumentId aggregate(String kind, Aggregate aggregate) {
    Series series = aggregate.getSeries();
    DocumentId id =
        new DocumentId(kind)
            .text(aggregate.getRun())
            .text(series.getName())
            .text(series.getMethod())
            .text(series.getGroup())
            .number(series.getTags().size());
    for (Map.Entry<String, String> tag : new TreeMap<>(series.getTags()).entrySet()) {
      id.text(tag.getKey()).text(tag.getValue());
    }
    if (aggregate.getTotal()) {
      // A correction may move the ends of a run; there is one total all the same.
      return id.text("total");
    }
    id.number(aggregate.getWindowStartMicros()).number(aggregate.getWindowMicros());
    return aggregate.getSupplement() ? id.number(aggregate.getRevision()) : id;
  }

  /** With its length, so that no two lists of texts read the same. */
  private DocumentId text(String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    number(bytes.length);
    digest.update(bytes);
    return this;
  }

  private DocumentId number(long number) {
    digest.update(ByteBuffer.allocate(Long.BYTES).putLong(0, number));
    return this;
  }

  private String text() {
    return Base64.getUrlEncoder().encodeToString(Arrays.copyOf(digest.digest(), BYTES));
  }
}
