package io.tailrace.cli;

import io.tailrace.config.KafkaConnection;
import io.tailrace.service.Shutdown;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * An embedded broker that runs on this machine for this user, found through a small file.
 *
 * @param registryUrl empty when it has no registry
 */
record LocalCluster(String bootstrapServers, String registryUrl, long pid) {
  /** How many its topics have that are keyed by run. */
  static final int PARTITIONS = 4;

  private static final String FILE = "cluster.properties";

  /** Tells other commands of this user where the broker in this process is, until closed. */
  static AutoCloseable announce(
      Map<String, String> environment, String bootstrapServers, String registryUrl) {
    Path file = file(environment);
    long pid = ProcessHandle.current().pid();
    Properties properties = new Properties();
    properties.setProperty("bootstrap.servers", bootstrapServers);
    properties.setProperty("schema.registry.url", registryUrl);
    properties.setProperty("pid", Long.toString(pid));
    try {
      Files.createDirectories(file.toAbsolutePath().getParent());
      Path written = Files.createTempFile(file.toAbsolutePath().getParent(), FILE, ".tmp");
      try (OutputStream out = Files.newOutputStream(written)) {
        properties.store(out, null);
      }
      // Readers see the old file or the new one, never half of it.
      Files.move(
          written, file, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw new UncheckedIOException("cannot write " + file, e);
    }
    return () -> {
      if (read(file).filter(cluster -> cluster.pid() == pid).isPresent()) {
        Files.deleteIfExists(file);
      }
    };
  }

  /**
   * The same until the process ends, unless another one is found already: who came first keeps
   * being found. Says how commands reach this one when they do not find it.
   */
  static Optional<String> announce(
      Map<String, String> environment, KafkaConnection kafka, Shutdown shutdown) {
    String servers = kafka.bootstrapServers().orElseThrow();
    String registry = kafka.registryUrl().orElse("");
    String options =
        "--bootstrap-server "
            + servers
            + (registry.isEmpty() ? "" : " --schema-registry " + registry);
    Optional<LocalCluster> other = running(environment);
    if (other.isPresent()) {
      return Optional.of(
          "Another one runs already (process %d) and is what other commands find; for this one, give them %s"
              .formatted(other.get().pid(), options));
    }
    try {
      shutdown.closing("announcement", announce(environment, servers, registry));
      return Optional.empty();
    } catch (UncheckedIOException e) {
      return Optional.of(
          "Other commands will not find this one (%s); give them %s"
              .formatted(e.getMessage(), options));
    }
  }

  /** The announced cluster, if its process still lives. */
  static Optional<LocalCluster> running(Map<String, String> environment) {
    return read(file(environment))
        .filter(
            cluster -> ProcessHandle.of(cluster.pid()).map(ProcessHandle::isAlive).orElse(false));
  }

  private static Optional<LocalCluster> read(Path file) {
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    Properties properties = new Properties();
    try (InputStream in = Files.newInputStream(file)) {
      properties.load(in);
      String servers = properties.getProperty("bootstrap.servers", "");
      String registry = properties.getProperty("schema.registry.url", "");
      long pid = Long.parseLong(properties.getProperty("pid", ""));
      return servers.isEmpty()
          ? Optional.empty()
          : Optional.of(new LocalCluster(servers, registry, pid));
    } catch (IOException | IllegalArgumentException e) {
      // A file that makes no sense announces nothing.
      return Optional.empty();
    }
  }

  /** In the user's own folder: in a shared one anybody could announce a cluster of theirs. */
  private static Path file(Map<String, String> environment) {
    String state = environment.getOrDefault("XDG_STATE_HOME", "");
    Path folder =
        state.isEmpty()
            ? Path.of(System.getProperty("user.home"), ".local", "state")
            : Path.of(state);
    return folder.resolve("tailrace").resolve(FILE);
  }
}
