package io.tailrace.objective;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.json.JsonReadFeature;
import com.fasterxml.jackson.core.type.TypeReference;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.json.JsonMapper;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.Map;

/** Finds the thresholds in a k6 script without running it: the object must be written out. */
final class K6Source {
  static final int LONGEST = 1 << 20;

  private static final String KEY = "thresholds";
  private static final ObjectMapper LITERALS =
      JsonMapper.builder()
          .enable(
              JsonReadFeature.ALLOW_UNQUOTED_FIELD_NAMES,
              JsonReadFeature.ALLOW_SINGLE_QUOTES,
              JsonReadFeature.ALLOW_JAVA_COMMENTS,
              JsonReadFeature.ALLOW_TRAILING_COMMA,
              JsonReadFeature.ALLOW_BACKSLASH_ESCAPING_ANY_CHARACTER)
          .build();
  private static final TypeReference<LinkedHashMap<String, Object>> BLOCK =
      new TypeReference<>() {};

  private K6Source() {}

  /** Thresholds by the metric they are about. */
  static Map<String, Object> thresholds(String source) {
    if (source.length() > LONGEST) {
      throw new IllegalArgumentException(
          source.length() + " characters; expected at most " + LONGEST);
    }
    int object = objectAfterKey(source);
    return object >= 0 ? literal(source, object) : yaml(source);
  }

  private static Map<String, Object> literal(String source, int object) {
    try (var parser = LITERALS.createParser(blankedBefore(source, object))) {
      return LITERALS.readValue(parser, BLOCK);
    } catch (JsonProcessingException unreadable) {
      var place = unreadable.getLocation();
      throw new IllegalArgumentException(
          "line "
              + (place == null ? 0 : place.getLineNr())
              + ", column "
              + (place == null ? 0 : place.getColumnNr())
              + ": the thresholds cannot be read without running the script: "
              + unreadable.getOriginalMessage());
    } catch (IOException impossible) {
      throw new java.io.UncheckedIOException(impossible);
    }
  }

  /** Keeps the lines and columns of what follows. */
  private static String blankedBefore(String source, int end) {
    StringBuilder blanked = new StringBuilder(source.length());
    for (int i = 0; i < end; i++) {
      blanked.append(source.charAt(i) == '\n' ? '\n' : ' ');
    }
    return blanked.append(source, end, source.length()).toString();
  }

  private static Map<String, Object> yaml(String source) {
    Settings document = document(source);
    Map<String, Object> thresholds = new LinkedHashMap<>();
    if (document.has(KEY)) {
      if (document.tree(KEY).orElse("") instanceof Map<?, ?> block) {
        block.forEach((metric, list) -> thresholds.put(String.valueOf(metric), list));
      }
    } else {
      document
          .keys()
          .forEach(metric -> document.tree(metric).ifPresent(t -> thresholds.put(metric, t)));
    }
    if (thresholds.isEmpty()) {
      throw new IllegalArgumentException(
          "no thresholds found; expected thresholds: { metric: [ … ] }");
    }
    return thresholds;
  }

  private static Settings document(String source) {
    try {
      return Settings.of(SettingsSource.ofYaml(source));
    } catch (SettingsException notYaml) {
      throw new IllegalArgumentException(
          "no thresholds: { … } written out in a script, and as YAML: " + notYaml.getMessage(),
          notYaml);
    }
  }

  /** Where the object after the key begins, comments and strings left out; -1 when nowhere. */
  private static int objectAfterKey(String source) {
    int at = 0;
    while (at < source.length()) {
      char c = source.charAt(at);
      int end = at + 1;
      boolean key = false;
      if (source.startsWith("//", at)) {
        end = endOf(source, "\n", at + 2);
      } else if (source.startsWith("/*", at)) {
        end = endOf(source, "*/", at + 2);
      } else if (c == '"' || c == '\'' || c == '`') {
        end = afterString(source, at);
        key = end - at == KEY.length() + 2 && source.startsWith(KEY, at + 1);
      } else if (Character.isJavaIdentifierStart(c)) {
        end = afterWord(source, at);
        key = end - at == KEY.length() && source.startsWith(KEY, at);
      }
      if (key && objectFollows(source, end) >= 0) {
        return objectFollows(source, end);
      }
      at = end;
    }
    return -1;
  }

  private static int objectFollows(String source, int after) {
    int colon = afterSpace(source, after);
    if (colon >= source.length() || ":=".indexOf(source.charAt(colon)) < 0) {
      return -1;
    }
    int brace = afterSpace(source, colon + 1);
    return brace < source.length() && source.charAt(brace) == '{' ? brace : -1;
  }

  private static int afterSpace(String source, int from) {
    int at = from;
    while (at < source.length() && Character.isWhitespace(source.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int afterWord(String source, int from) {
    int at = from;
    while (at < source.length() && Character.isJavaIdentifierPart(source.charAt(at))) {
      at++;
    }
    return at;
  }

  private static int afterString(String source, int from) {
    char quote = source.charAt(from);
    int at = from + 1;
    while (at < source.length() && source.charAt(at) != quote) {
      at += source.charAt(at) == '\\' ? 2 : 1;
    }
    return Math.min(at + 1, source.length());
  }

  private static int endOf(String source, String mark, int from) {
    int found = source.indexOf(mark, from);
    return found < 0 ? source.length() : found + mark.length();
  }
}
