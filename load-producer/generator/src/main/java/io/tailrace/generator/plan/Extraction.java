package io.tailrace.generator.plan;

import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A value that later steps use, taken out of an answer. */
public record Extraction(String name, int slot, Source source, @Nullable String otherwise) {

  /** Where the value is. */
  sealed interface Source {
    /** The value; null when the answer has none. */
    @Nullable String find(Answer answer);

    default boolean readsBody() {
      return true;
    }
  }

  record Json(JsonPointer pointer) implements Source {
    @Override
    public @Nullable String find(Answer answer) {
      JsonNode node = answer.json().at(pointer);
      if (node.isMissingNode() || node.isNull()) {
        return null;
      }
      return node.isValueNode() ? node.asText() : node.toString();
    }
  }

  record Header(String header) implements Source {
    @Override
    public @Nullable String find(Answer answer) {
      return answer.header(header);
    }

    @Override
    public boolean readsBody() {
      return false;
    }
  }

  record Regex(Pattern pattern) implements Source {
    @Override
    public @Nullable String find(Answer answer) {
      return BoundedMatch.firstGroup(pattern, answer.text());
    }
  }

  /** Takes the value into the session; false when the answer has none and there is no default. */
  boolean apply(Answer answer, Session session) {
    String found = source.find(answer);
    String value = found == null ? otherwise : found;
    if (value == null) {
      return false;
    }
    session.set(slot, value);
    return true;
  }
}
