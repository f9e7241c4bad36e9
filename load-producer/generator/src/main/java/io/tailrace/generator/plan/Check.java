package io.tailrace.generator.plan;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;

/** Something an answer must fulfil, or its request has failed. */
sealed interface Check {

  boolean holds(Answer answer);

  /** The kind of error when it does not hold. */
  String error();

  default boolean readsBody() {
    return true;
  }

  record BodyContains(String text) implements Check {
    @Override
    public boolean holds(Answer answer) {
      return answer.text().contains(text);
    }

    @Override
    public String error() {
      return "check: body";
    }
  }

  record BodyMatches(Pattern pattern) implements Check {
    @Override
    public boolean holds(Answer answer) {
      return BoundedMatch.firstGroup(pattern, answer.text()) != null;
    }

    @Override
    public String error() {
      return "check: body";
    }
  }

  record JsonEquals(JsonPointer pointer, String expected) implements Check {
    @Override
    public boolean holds(Answer answer) {
      JsonNode node = answer.json().at(pointer);
      return !node.isMissingNode()
          && (node.isValueNode() ? node.asText() : node.toString()).equals(expected);
    }

    @Override
    public String error() {
      return "check: json " + pointer;
    }
  }

  record HeaderEquals(String header, String expected) implements Check {
    @Override
    public boolean holds(Answer answer) {
      return expected.equals(answer.header(header));
    }

    @Override
    public String error() {
      return "check: header " + header;
    }

    @Override
    public boolean readsBody() {
      return false;
    }
  }

  record Within(long nanos) implements Check {
    @Override
    public boolean holds(Answer answer) {
      return answer.latencyNanos() <= nanos;
    }

    @Override
    public String error() {
      return "check: time";
    }

    @Override
    public boolean readsBody() {
      return false;
    }
  }
}
