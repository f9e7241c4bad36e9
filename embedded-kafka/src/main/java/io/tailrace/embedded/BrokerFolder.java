package io.tailrace.embedded;

import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Comparator;
import java.util.List;
import java.util.Properties;
import java.util.stream.Stream;
import org.apache.kafka.common.Uuid;
import org.apache.kafka.metadata.storage.Formatter;
import org.jspecify.annotations.Nullable;

/** Where a broker keeps its data: checked, formatted once, and deleted if it was only lent. */
final class BrokerFolder {
  /** A new broker writes about this much (sparse index files aside) before its first record. */
  private static final long LEAST_FREE_BYTES = 64L << 20;

  private static final String META_PROPERTIES = "meta.properties";
  private static final String BROKER_LOCK = ".lock";

  private final Path path;
  private final boolean temporary;

  private BrokerFolder(Path path, boolean temporary) {
    this.path = path;
    this.temporary = temporary;
  }

  static BrokerFolder at(Path given) {
    Path path = given.toAbsolutePath().normalize();
    if (path.toString().indexOf(',') >= 0) {
      throw new EmbeddedKafkaException(
          "data folder %s: a comma separates folders for the broker; choose a path without one"
              .formatted(path));
    }
    try {
      Files.createDirectories(path);
    } catch (FileAlreadyExistsException e) {
      throw new EmbeddedKafkaException("data folder %s is a file".formatted(path), e);
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "cannot create the data folder %s: %s".formatted(path, e), e);
    }
    return new BrokerFolder(path, false);
  }

  static BrokerFolder temporary() {
    try {
      return new BrokerFolder(Files.createTempDirectory("tailrace-kafka-"), true);
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "cannot create a temporary data folder in %s (%s); name one: a data folder, or -Djava.io.tmpdir"
              .formatted(System.getProperty("java.io.tmpdir"), e),
          e);
    }
  }

  Path path() {
    return path;
  }

  /** Makes the folder ready for a broker and returns the id of the cluster whose data it holds. */
  String prepare(int nodeId, String controllerListener) {
    requireSpace();
    requireUnlocked();
    if (Files.exists(path.resolve(META_PROPERTIES))) {
      return clusterId();
    }
    try {
      new Formatter()
          .setPrintStream(
              new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8))
          .setClusterId(Uuid.randomUuid().toString())
          .setNodeId(nodeId)
          .setControllerListenerName(controllerListener)
          .setMetadataLogDirectory(path.toString())
          .setDirectories(List.of(path.toString()))
          .run();
    } catch (Exception e) {
      throw new EmbeddedKafkaException(
          "cannot format the data folder %s: %s".formatted(path, e.getMessage()), e);
    }
    return clusterId();
  }

  /** Deletes a temporary folder; a given one stays. */
  void release() {
    if (!temporary) {
      return;
    }
    try (Stream<Path> files = Files.walk(path)) {
      for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    } catch (NoSuchFileException e) {
      // Somebody else has cleaned up already.
    } catch (IOException | UncheckedIOException e) {
      throw new EmbeddedKafkaException("cannot delete the temporary folder " + path, e);
    }
  }

  long freeBytes() {
    try {
      return Files.getFileStore(path).getUsableSpace();
    } catch (IOException e) {
      throw new EmbeddedKafkaException("cannot read the free space of " + path, e);
    }
  }

  private void requireSpace() {
    long free = freeBytes();
    if (free < LEAST_FREE_BYTES) {
      throw new EmbeddedKafkaException(
          "data folder %s: %d MiB are free on its disk, a broker needs at least %d MiB: make room, or choose another folder"
              .formatted(path, free >> 20, LEAST_FREE_BYTES >> 20));
    }
  }

  /** Takes the lock the broker is about to take, to say in plain words when it is held. */
  private void requireUnlocked() {
    Path lock = path.resolve(BROKER_LOCK);
    try (FileChannel channel =
            FileChannel.open(lock, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
        FileLock held = channel.tryLock()) {
      if (held == null) {
        throw inUse(null);
      }
    } catch (OverlappingFileLockException e) {
      throw inUse(e);
    } catch (IOException e) {
      throw new EmbeddedKafkaException("data folder %s is not writable: %s".formatted(path, e), e);
    }
  }

  private EmbeddedKafkaException inUse(@Nullable Throwable cause) {
    String message = "data folder %s is in use by another running broker".formatted(path);
    return cause == null
        ? new EmbeddedKafkaException(message)
        : new EmbeddedKafkaException(message, cause);
  }

  private String clusterId() {
    Properties meta = new Properties();
    try (var reader = Files.newBufferedReader(path.resolve(META_PROPERTIES))) {
      meta.load(reader);
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          "cannot read %s of the data folder %s".formatted(META_PROPERTIES, path), e);
    }
    String id = meta.getProperty("cluster.id");
    if (id == null) {
      throw new EmbeddedKafkaException(
          "data folder %s: %s names no cluster.id; it was not written by a broker"
              .formatted(path, META_PROPERTIES));
    }
    return id;
  }
}
