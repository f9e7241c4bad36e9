package io.tailrace.embedded;

import java.net.SocketException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Properties;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.common.utils.Exit;
import org.apache.kafka.common.utils.Time;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A real Kafka broker, its own controller beside it, on loopback inside this process. */
public final class EmbeddedKafka implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);
  private static final int NODE_ID = 1;
  private static final String CLIENTS = "PLAINTEXT";
  private static final String CONTROLLER = "CONTROLLER";
  private static final int ATTEMPTS_WITH_OTHER_PORTS = 5;

  /** What the builder decides itself, and broker properties may not contradict. */
  private static final Set<String> OWN_PROPERTIES =
      Set.of(
          "process.roles",
          "node.id",
          "controller.quorum.voters",
          "controller.listener.names",
          "listeners",
          "advertised.listeners",
          "listener.security.protocol.map",
          "inter.broker.listener.name",
          "log.dir",
          "log.dirs",
          "metadata.log.dir");

  private final BrokerFolder folder;
  private final String clusterId;
  private final LoopbackPorts ports;
  private final KafkaRaftServer server;
  private final AtomicBoolean closed = new AtomicBoolean();

  private EmbeddedKafka(
      BrokerFolder folder, String clusterId, LoopbackPorts ports, KafkaRaftServer server) {
    this.folder = folder;
    this.clusterId = clusterId;
    this.ports = ports;
    this.server = server;
  }

  /** Starts a broker on a free port whose data is deleted when it is closed. */
  public static EmbeddedKafka start() {
    return builder().start();
  }

  /** Starts a broker on a free port with the data of an earlier start on the same folder. */
  public static EmbeddedKafka start(Path dataFolder) {
    return builder().dataFolder(dataFolder).start();
  }

  public static Builder builder() {
    return new Builder();
  }

  /** Where clients connect; a later start on the same data may have another address. */
  public String bootstrapServers() {
    return LoopbackPorts.HOST + ":" + ports.clients();
  }

  /** Stays the same for the life of a data folder. */
  public String clusterId() {
    return clusterId;
  }

  public Path dataFolder() {
    return folder.path();
  }

  /** Stops the broker once what it has acknowledged is on disk; closing twice does nothing. */
  @Override
  public void close() {
    if (closed.getAndSet(true)) {
      return;
    }
    try {
      stop(server);
    } finally {
      folder.release();
    }
  }

  private static void stop(KafkaRaftServer server) {
    server.shutdown();
    server.awaitShutdown();
  }

  /** Chooses the folder, the port and further broker properties. */
  public static final class Builder {
    private final Map<String, String> properties = new LinkedHashMap<>();
    private @Nullable Path dataFolder;
    private int port;

    private Builder() {}

    /** Keeps the data in this folder; without one it is temporary. */
    public Builder dataFolder(Path folder) {
      this.dataFolder = folder;
      return this;
    }

    /** Listens on this port, so that a broker started again is found where it was; 0 takes any. */
    public Builder port(int port) {
      if (port < 0 || port > 65_535) {
        throw new IllegalArgumentException(
            "port %d: expected 0 (any free port) to 65535".formatted(port));
      }
      this.port = port;
      return this;
    }

    /** Sets a property of the broker as its server.properties would. */
    public Builder property(String name, String value) {
      if (OWN_PROPERTIES.contains(name)) {
        throw new IllegalArgumentException(
            "broker property %s=%s: the embedded broker decides it itself".formatted(name, value));
      }
      properties.put(name, value);
      return this;
    }

    /** Starts the broker and returns when clients can use it. */
    public EmbeddedKafka start() {
      // Kafka brings a second library for logs, which would complain when a start meets an end.
      System.setProperty("log4j.shutdownHookEnabled", "false");
      Path given = dataFolder;
      BrokerFolder folder = given == null ? BrokerFolder.temporary() : BrokerFolder.at(given);
      try {
        String clusterId = folder.prepare(NODE_ID, CONTROLLER);
        explainAnEndOfTheProcess(folder);
        return start(folder, clusterId);
      } catch (RuntimeException | Error e) {
        folder.release();
        throw e;
      }
    }

    private EmbeddedKafka start(BrokerFolder folder, String clusterId) {
      for (int attempt = 1; ; attempt++) {
        LoopbackPorts ports = LoopbackPorts.choose(port);
        KafkaRaftServer server = new KafkaRaftServer(configuration(folder, ports), Time.SYSTEM);
        try {
          server.startup();
          return new EmbeddedKafka(folder, clusterId, ports, server);
        } catch (RuntimeException e) {
          stop(server);
          // Between choosing a port and listening on it somebody may have taken it.
          if (!isPortConflict(e) || attempt == ATTEMPTS_WITH_OTHER_PORTS) {
            throw new EmbeddedKafkaException(
                "the broker with data folder %s did not start: %s"
                    .formatted(folder.path(), e.getMessage()),
                e);
          }
        }
      }
    }

    /** A broker that cannot write its data ends its process, whatever else runs in it. */
    private static void explainAnEndOfTheProcess(BrokerFolder folder) {
      Exit.setHaltProcedure(
          (status, message) -> {
            try {
              LOG.error(
                  "the embedded Kafka broker cannot go on, which ends this process{}; its data"
                      + " folder {} has {} MiB free: make room, or choose another disk",
                  message == null ? "" : " (" + message + ")",
                  folder.path(),
                  folder.freeBytes() >> 20);
              folder.release();
            } finally {
              Runtime.getRuntime().halt(status);
            }
          });
    }

    private KafkaConfig configuration(BrokerFolder folder, LoopbackPorts ports) {
      Properties all = defaults();
      all.putAll(properties);
      String clients = CLIENTS + "://" + LoopbackPorts.HOST + ":" + ports.clients();
      String controller = LoopbackPorts.HOST + ":" + ports.controller();
      all.put("process.roles", "broker,controller");
      all.put("node.id", String.valueOf(NODE_ID));
      // Voters named here and not in the log: the controller's port may change with every start.
      all.put("controller.quorum.voters", NODE_ID + "@" + controller);
      all.put("controller.listener.names", CONTROLLER);
      all.put("listeners", clients + "," + CONTROLLER + "://" + controller);
      all.put("advertised.listeners", clients);
      all.put(
          "listener.security.protocol.map", CLIENTS + ":PLAINTEXT," + CONTROLLER + ":PLAINTEXT");
      all.put("inter.broker.listener.name", CLIENTS);
      all.put("log.dirs", folder.path().toString());
      try {
        return KafkaConfig.fromProps(all, false);
      } catch (RuntimeException e) {
        throw new EmbeddedKafkaException(
            "broker properties " + properties + ": " + e.getMessage(), e);
      }
    }

    private static Properties defaults() {
      Properties defaults = new Properties();
      defaults.put("num.partitions", "4");
      // A topic nobody created on purpose would lack the settings its readers rely on.
      defaults.put("auto.create.topics.enable", "false");
      for (String replicas :
          new String[] {
            "default.replication.factor",
            "min.insync.replicas",
            "offsets.topic.replication.factor",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "share.coordinator.state.topic.replication.factor",
            "share.coordinator.state.topic.min.isr"
          }) {
        defaults.put(replicas, "1");
      }
      // One broker gains nothing from spreading its own bookkeeping, and starts faster without.
      defaults.put("offsets.topic.num.partitions", "1");
      defaults.put("transaction.state.log.num.partitions", "1");
      defaults.put("share.coordinator.state.topic.num.partitions", "1");
      defaults.put("group.initial.rebalance.delay.ms", "0");
      // The default of 128 MiB is most of a small heap.
      defaults.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
      // After a controlled shutdown (the default) its next life is let in at once. After a kill it
      // waits for the session to end, which stays long: a busy machine must not fence its broker.
      defaults.put("broker.heartbeat.interval.ms", "500");
      return defaults;
    }

    private boolean isPortConflict(Throwable thrown) {
      for (Throwable t = thrown; t != null; t = t.getCause()) {
        if (t instanceof SocketException) {
          return port == 0;
        }
      }
      return false;
    }
  }
}
