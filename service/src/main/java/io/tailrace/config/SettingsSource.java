package io.tailrace.config;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * Where settings come from, strongest first: flags, the environment, the file.
 *
 * @param name what faults call the document
 * @param document the YAML text, empty when there is none
 * @param directory what relative paths in the document are relative to
 * @param flags values by the path of their key, such as {@code kafka.bootstrap.servers}
 * @param environment the process environment
 * @param literalSecretsAllowed whether a secret may stand in the document as it is
 */
public record SettingsSource(
    String name,
    String document,
    Path directory,
    Map<String, String> flags,
    Map<String, String> environment,
    boolean literalSecretsAllowed) {

  private static final String NO_FILE = "configuration";

  public SettingsSource {
    // In orders of their own: what is said of them must not differ from run to run.
    flags = Collections.unmodifiableMap(new LinkedHashMap<>(flags));
    environment = Collections.unmodifiableMap(new TreeMap<>(environment));
  }

  /** Only the environment, without a file. */
  public static SettingsSource of(Map<String, String> environment) {
    return new SettingsSource(NO_FILE, "", Path.of(""), Map.of(), environment, false);
  }

  /** A YAML text, for tests and for blocks that come from elsewhere than a file. */
  public static SettingsSource ofYaml(String document) {
    return new SettingsSource(NO_FILE, document, Path.of(""), Map.of(), Map.of(), false);
  }

  /** A file, whose size is looked at before its content. */
  public static SettingsSource ofFile(Path file, Map<String, String> environment) {
    Path absolute = file.toAbsolutePath();
    Path directory = absolute.getParent() == null ? absolute : absolute.getParent();
    return new SettingsSource(
        file.toString(), content(file), directory, Map.of(), environment, false);
  }

  public SettingsSource withFlag(String path, @Nullable String value) {
    if (value == null) {
      return this;
    }
    Map<String, String> more = new LinkedHashMap<>(flags);
    more.put(path, value);
    return new SettingsSource(name, document, directory, more, environment, literalSecretsAllowed);
  }

  public SettingsSource withEnvironment(Map<String, String> environment) {
    return new SettingsSource(name, document, directory, flags, environment, literalSecretsAllowed);
  }

  public SettingsSource allowingLiteralSecrets(boolean allowed) {
    return new SettingsSource(name, document, directory, flags, environment, allowed);
  }

  private static String content(Path file) {
    try {
      if (Files.isDirectory(file)) {
        throw unreadable(file, "is a directory; expected a YAML file");
      }
      if (Files.size(file) > YamlReader.LARGEST_DOCUMENT) {
        throw tooLarge(file);
      }
      // A pipe has no size to look at beforehand, so reading is bounded as well.
      try (InputStream in = Files.newInputStream(file)) {
        byte[] bytes = in.readNBytes(YamlReader.LARGEST_DOCUMENT + 1);
        if (bytes.length > YamlReader.LARGEST_DOCUMENT) {
          throw tooLarge(file);
        }
        return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      }
    } catch (CharacterCodingException e) {
      throw unreadable(file, "is not UTF-8 text");
    } catch (IOException e) {
      throw unreadable(file, Files.exists(file) ? "cannot be read" : "does not exist");
    }
  }

  private static SettingsException tooLarge(Path file) {
    return unreadable(file, "is larger than " + YamlReader.LARGEST_DOCUMENT + " bytes");
  }

  private static SettingsException unreadable(Path file, String problem) {
    return new SettingsException(List.of(new Fault(file.toString(), 0, "", problem)));
  }

  /** Says where, never what: values may be secret. */
  @Override
  public String toString() {
    return "SettingsSource[" + name + "]";
  }
}
