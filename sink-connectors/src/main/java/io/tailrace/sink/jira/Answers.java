package io.tailrace.sink.jira;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.OffsetDateTime;
import java.time.format.DateTimeParseException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** What Jira means by its answers. */
final class Answers {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Duration LONGEST_WAIT = Duration.ofHours(1);

  /** Fields whose content comes from a record: another record may do better. */
  private static final Set<String> CONTENT =
      Set.of("summary", "description", "labels", "comment", "body");

  private final Clock clock;

  Answers(Clock clock) {
    this.clock = clock;
  }

  /** The body of a success; anything else is thrown as what follows from it. */
  JsonNode expect(HttpAnswer answer, String attempted) throws IOException {
    if (answer.isSuccess()) {
      return answer.status() == 204 ? MissingNode.getInstance() : body(answer);
    }
    String reason = reason(answer, attempted);
    throw new JiraRefusal(answer.status(), delivery(answer, reason), reason);
  }

  /** As {@link #expect}, for requests in which nothing comes from a record. */
  JsonNode expectConfigured(HttpAnswer answer, String attempted) throws IOException {
    if (answer.status() == 400 && tree(answer).has("errorMessages")) {
      String reason = reason(answer, attempted);
      throw new JiraRefusal(answer.status(), new Delivery.Misconfigured(reason), reason);
    }
    return expect(answer, attempted);
  }

  /** The fields that a refusal names. */
  Set<String> faultyFields(HttpAnswer answer) {
    Set<String> names = new TreeSet<>();
    tree(answer).path("errors").fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Delivery delivery(HttpAnswer answer, String reason) {
    Instant now = clock.instant();
    if (answer.status() == 400) {
      // A missing type or a required field fails every record alike: none of them is to blame.
      return CONTENT.containsAll(faultyFields(answer))
          ? new Delivery.Rejected(reason)
          : new Delivery.Misconfigured(reason);
    }
    if (answer.status() == 422) {
      // What Jira calls a problem of its configuration: no other record would do better.
      return new Delivery.Misconfigured(reason);
    }
    Delivery usual = answer.delivery(now);
    if (usual instanceof Delivery.Retry retry) {
      return new Delivery.Retry(reason, retry.after().or(() -> reset(answer, now)));
    }
    if (usual instanceof Delivery.Misconfigured) {
      return new Delivery.Misconfigured(reason);
    }
    return new Delivery.Rejected(reason);
  }

  /** When the limit is over, for answers without Retry-After. */
  private static Optional<Duration> reset(HttpAnswer answer, Instant now) {
    try {
      return answer
          .header("x-ratelimit-reset")
          .map(text -> Duration.between(now, OffsetDateTime.parse(text).toInstant()))
          .filter(wait -> !wait.isNegative() && wait.compareTo(LONGEST_WAIT) <= 0);
    } catch (DateTimeParseException e) {
      return Optional.empty();
    }
  }

  private String reason(HttpAnswer answer, String attempted) {
    JsonNode tree = tree(answer);
    List<String> problems = new ArrayList<>();
    tree.path("errorMessages").forEach(message -> problems.add(message.asText()));
    tree.path("errors")
        .properties()
        .forEach(each -> problems.add(each.getKey() + ": " + each.getValue().asText()));
    return problems.isEmpty()
        ? "cannot " + attempted + ": " + answer.brief()
        : "cannot " + attempted + ": " + Texts.cut(String.join("; ", problems), 500);
  }

  private static JsonNode body(HttpAnswer answer) throws IOException {
    JsonNode tree = tree(answer);
    if (tree.isMissingNode()) {
      throw new IOException("Jira's answer is not JSON: " + answer.brief());
    }
    return tree;
  }

  private static JsonNode tree(HttpAnswer answer) {
    try {
      JsonNode tree = JSON.readTree(answer.text());
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
