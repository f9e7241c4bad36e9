package io.tailrace.embedded;

import java.io.IOException;
import java.net.ServerSocket;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.concurrent.ExecutionException;
import java.util.stream.Collectors;
import kafka.server.KafkaConfig;
import kafka.server.KafkaRaftServer;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.common.acl.AclBinding;
import org.apache.kafka.common.acl.AclBindingFilter;
import org.apache.kafka.common.utils.Time;

/** A broker that asks everybody for a name and allows nobody anything that was not granted. */
public final class SecuredKafka implements AutoCloseable {
  private static final String ADMIN = "admin";

  private final BrokerFolder folder = BrokerFolder.temporary();
  private final List<String> users;
  private final int clients;
  private final KafkaRaftServer server;

  private SecuredKafka(List<String> users) {
    this.users = List.copyOf(users);
    folder.prepare(1, "CONTROLLER");
    LoopbackPorts ports = LoopbackPorts.choose(0);
    clients = ports.clients();
    server = new KafkaRaftServer(configuration(ports), Time.SYSTEM);
    server.startup();
  }

  /** Starts one that knows these users; each one's password is its name. */
  public static SecuredKafka start(List<String> users) {
    return new SecuredKafka(users);
  }

  public String bootstrapServers() {
    return LoopbackPorts.HOST + ":" + clients;
  }

  /** What makes a client of this broker that user. */
  public Map<String, Object> clientProperties(String user) {
    return Map.of(
        "bootstrap.servers",
        bootstrapServers(),
        "security.protocol",
        "SASL_PLAINTEXT",
        "sasl.mechanism",
        "PLAIN",
        "sasl.jaas.config",
        login(user));
  }

  /** A line for {@code sasl.jaas.config}. */
  public static String login(String user) {
    return "org.apache.kafka.common.security.plain.PlainLoginModule required username=\"%s\" password=\"%s\";"
        .formatted(user, user);
  }

  /** Replaces all that was granted before. */
  public void grant(List<AclBinding> rights) throws InterruptedException, ExecutionException {
    try (Admin admin = Admin.create(clientProperties(ADMIN))) {
      admin.deleteAcls(List.of(AclBindingFilter.ANY)).all().get();
      admin.createAcls(rights).all().get();
    }
  }

  @Override
  public void close() {
    server.shutdown();
    server.awaitShutdown();
    folder.release();
  }

  private KafkaConfig configuration(LoopbackPorts ports) {
    String passwords =
        users.stream()
            .map(user -> "user_%s=\"%s\"".formatted(user, user))
            .collect(Collectors.joining(" "));
    Properties all = new Properties();
    all.put("process.roles", "broker,controller");
    all.put("node.id", "1");
    all.put("controller.quorum.voters", "1@127.0.0.1:" + ports.controller());
    all.put("controller.listener.names", "CONTROLLER");
    all.put(
        "listeners",
        "CLIENTS://127.0.0.1:%d,INTERNAL://127.0.0.1:%d,CONTROLLER://127.0.0.1:%d"
            .formatted(ports.clients(), freePort(), ports.controller()));
    all.put(
        "listener.security.protocol.map",
        "CLIENTS:SASL_PLAINTEXT,INTERNAL:PLAINTEXT,CONTROLLER:PLAINTEXT");
    all.put("inter.broker.listener.name", "INTERNAL");
    all.put("sasl.enabled.mechanisms", "PLAIN");
    all.put(
        "listener.name.clients.plain.sasl.jaas.config",
        "org.apache.kafka.common.security.plain.PlainLoginModule required user_%s=\"%s\" %s;"
            .formatted(ADMIN, ADMIN, passwords));
    all.put("authorizer.class.name", "org.apache.kafka.metadata.authorizer.StandardAuthorizer");
    // The broker and its controller talk to each other without a name.
    all.put("super.users", "User:ANONYMOUS;User:" + ADMIN);
    all.put("auto.create.topics.enable", "false");
    for (String one :
        List.of(
            "default.replication.factor",
            "offsets.topic.replication.factor",
            "offsets.topic.num.partitions",
            "transaction.state.log.replication.factor",
            "transaction.state.log.min.isr",
            "transaction.state.log.num.partitions")) {
      all.put(one, "1");
    }
    all.put("group.initial.rebalance.delay.ms", "0");
    all.put("log.cleaner.dedupe.buffer.size", String.valueOf(4 << 20));
    all.put("log.dirs", folder.path().toString());
    return KafkaConfig.fromProps(all, false);
  }

  private static int freePort() {
    try (ServerSocket socket = new ServerSocket(0, 1, LoopbackPorts.address())) {
      return socket.getLocalPort();
    } catch (IOException e) {
      throw new EmbeddedKafkaException("no free port: " + e.getMessage(), e);
    }
  }
}
