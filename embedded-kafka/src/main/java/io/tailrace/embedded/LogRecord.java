package io.tailrace.embedded;

import com.fasterxml.jackson.core.JacksonException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One record of the schemas topic, in the shape other registries write theirs, so that either can
 * take the topic over from the other.
 */
sealed interface LogRecord {
  ObjectMapper JSON = new ObjectMapper();

  /** A version of a subject, or (without a value) that it is gone for good. */
  record SchemaRecord(String subject, int version, @Nullable SchemaVersion value)
      implements LogRecord {
    @Override
    public byte[] keyBytes() {
      ObjectNode key = JSON.createObjectNode().put("keytype", "SCHEMA").put("subject", subject);
      return bytes(key.put("version", version).put("magic", 1));
    }

    @Override
    public byte @Nullable [] valueBytes() {
      return value == null ? null : bytes(value.json());
    }
  }

  /** That all versions of a subject up to this one are deleted. */
  record SubjectDeletion(String subject, int upToVersion) implements LogRecord {
    @Override
    public byte[] keyBytes() {
      return key("DELETE_SUBJECT", subject);
    }

    @Override
    public byte[] valueBytes() {
      return bytes(JSON.createObjectNode().put("subject", subject).put("version", upToVersion));
    }
  }

  /** The level of a subject, or (without a subject) of the registry; without a level: unset. */
  record LevelRecord(@Nullable String subject, @Nullable CompatibilityLevel level)
      implements LogRecord {
    @Override
    public byte[] keyBytes() {
      return key("CONFIG", subject);
    }

    @Override
    public byte @Nullable [] valueBytes() {
      return level == null
          ? null
          : bytes(JSON.createObjectNode().put("compatibilityLevel", level.name()));
    }
  }

  /** The mode of a subject, or (without a subject) of the registry; without a mode: unset. */
  record ModeRecord(@Nullable String subject, @Nullable RegistryMode mode) implements LogRecord {
    @Override
    public byte[] keyBytes() {
      return key("MODE", subject);
    }

    @Override
    public byte @Nullable [] valueBytes() {
      return mode == null ? null : bytes(JSON.createObjectNode().put("mode", mode.name()));
    }
  }

  /** The topic is compacted by these bytes, so even the order of the fields is part of them. */
  byte[] keyBytes();

  /** Null removes what the key stood for. */
  byte @Nullable [] valueBytes();

  static LogRecord of(SchemaVersion version) {
    return new SchemaRecord(version.subject(), version.version(), version);
  }

  /** Empty for a kind of record this registry has no use for; IOException for a broken one. */
  static Optional<LogRecord> parse(byte @Nullable [] keyBytes, byte @Nullable [] valueBytes)
      throws IOException {
    if (keyBytes == null) {
      throw new IOException("a record without a key");
    }
    JsonNode key = object(keyBytes);
    @Nullable JsonNode value = valueBytes == null ? null : object(valueBytes);
    @Nullable String subject = key.path("subject").textValue();
    return switch (key.path("keytype").asText()) {
      case "SCHEMA" -> Optional.of(schema(key, subject, value));
      case "DELETE_SUBJECT" ->
          value == null || subject == null
              ? Optional.empty()
              : Optional.of(new SubjectDeletion(subject, value.path("version").asInt()));
      case "CONFIG" -> Optional.of(new LevelRecord(subject, level(value)));
      case "MODE" -> Optional.of(new ModeRecord(subject, mode(value)));
      default -> Optional.empty();
    };
  }

  private static LogRecord schema(JsonNode key, @Nullable String subject, @Nullable JsonNode value)
      throws IOException {
    int version = key.path("version").asInt();
    if (subject == null || version < 1) {
      throw new IOException("a schema without a subject or a version: " + key);
    }
    if (value == null) {
      return new SchemaRecord(subject, version, null);
    }
    if (!value.path("id").isInt() || !value.path("schema").isTextual()) {
      throw new IOException("a schema without an id or a text: " + key);
    }
    return new SchemaRecord(subject, version, new SchemaVersion((ObjectNode) value));
  }

  private static @Nullable CompatibilityLevel level(@Nullable JsonNode value) {
    return value == null
        ? null
        : CompatibilityLevel.named(value.path("compatibilityLevel").asText()).orElse(null);
  }

  private static @Nullable RegistryMode mode(@Nullable JsonNode value) {
    // A mode that is not ours (an import under way) allows no changes either.
    return value == null
        ? null
        : RegistryMode.named(value.path("mode").asText()).orElse(RegistryMode.READONLY);
  }

  private static byte[] key(String type, @Nullable String subject) {
    ObjectNode key = JSON.createObjectNode().put("keytype", type).put("subject", subject);
    return bytes(key.put("magic", 0));
  }

  private static JsonNode object(byte[] bytes) throws IOException {
    JsonNode node = JSON.readTree(bytes);
    if (node == null || !node.isObject()) {
      throw new IOException("not a JSON object: " + new String(bytes, StandardCharsets.UTF_8));
    }
    return node;
  }

  private static byte[] bytes(ObjectNode node) {
    try {
      return JSON.writeValueAsBytes(node);
    } catch (JacksonException e) {
      throw new IllegalStateException("cannot write a JSON tree", e);
    }
  }
}
