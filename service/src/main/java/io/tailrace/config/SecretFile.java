package io.tailrace.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A secret in a file that nobody but its owner may read. */
final class SecretFile {
  private static final Pattern REFERENCE =
      Pattern.compile("\\s*\\{\\{\\s*file:\\s*(.+?)\\s*}}\\s*");
  private static final Set<PosixFilePermission> OWNER =
      Set.of(PosixFilePermission.OWNER_READ, PosixFilePermission.OWNER_WRITE);
  private static final int LARGEST = 64 * 1024;

  private SecretFile() {}

  /** The path that {@code {{file:PATH}}} names, null when the text is something else. */
  static @Nullable String reference(String text) {
    Matcher reference = REFERENCE.matcher(text);
    return reference.matches() ? reference.group(1) : null;
  }

  /** The file's text without the line end that editors leave. */
  static String read(Path file) {
    try {
      if (!Files.isRegularFile(file)) {
        throw new IllegalArgumentException("the secret file " + file + " is not there");
      }
      refuseOthers(file);
      if (Files.size(file) > LARGEST) {
        throw new IllegalArgumentException("the secret file " + file + " is larger than 64 KiB");
      }
      return Files.readString(file, StandardCharsets.UTF_8).replaceAll("\\R\\z", "");
    } catch (NoSuchFileException e) {
      throw new IllegalArgumentException("the secret file " + file + " is not there", e);
    } catch (IOException e) {
      throw new IllegalArgumentException("the secret file " + file + " cannot be read as text", e);
    }
  }

  private static void refuseOthers(Path file) throws IOException {
    if (!FileSystems.getDefault().supportedFileAttributeViews().contains("posix")) {
      return;
    }
    Set<PosixFilePermission> mode = Files.getPosixFilePermissions(file);
    if (!OWNER.containsAll(mode)) {
      throw new IllegalArgumentException(
          "the secret file "
              + file
              + " has mode "
              + PosixFilePermissions.toString(mode)
              + "; expected 0600 or 0400, readable by its owner alone");
    }
  }
}
