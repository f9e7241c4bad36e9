package io.tailrace.cli;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.KafkaConnection;
import io.tailrace.config.Settings;
import io.tailrace.embedded.SchemaRegistryServer;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Health;
import io.tailrace.service.ServiceEndpoint;
import io.tailrace.service.Shutdown;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Runs the schema registry for a cluster that has none. */
@Command(
    name = "registry",
    description = "Run a small schema registry beside a cluster that has none.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace registry --bootstrap-server kafka:9092 --port 8081")
final class RegistryCommand implements Callable<Integer> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final Session session;

  @Mixin private ClusterOptions cluster = new ClusterOptions();

  @Option(
      names = "--host",
      description = "Address to listen on (default: 127.0.0.1, this machine only).")
  private String host = "127.0.0.1";

  @Option(names = "--port", description = "Port to listen on, 0 for any (default: 8081).")
  private int port = 8081;

  RegistryCommand(Session session) {
    this.session = session;
  }

  private record Given(KafkaConnection kafka, EndpointConfig endpoint) {
    static Given from(Settings root) {
      return new Given(
          KafkaConnection.from(root), EndpointConfig.from(root.block(EndpointConfig.BLOCK)));
    }
  }

  @Override
  public Integer call() throws InterruptedException {
    if (port < 0 || port > 65_535) {
      throw CommandFailure.wrongUsage("--port " + port + ": expected 0 (any) to 65535");
    }
    Given given = cluster.open(session).read(Given::from);
    KafkaConnection kafka = ClusterOptions.reachable(given.kafka(), session);
    Shutdown shutdown = Shutdown.install(PATIENCE);
    ServiceEndpoint endpoint =
        shutdown.closing(
            "endpoint",
            ServiceEndpoint.start(given.endpoint(), new CollectorRegistry(), new Health()));
    SchemaRegistryServer registry =
        shutdown.closing(
            "registry",
            SchemaRegistryServer.start(
                kafka.clientProperties(), new InetSocketAddress(host, port)));
    session.out().println(registry.url());
    session.out().flush();
    // Not a static field: every command line would wait for the logging to start.
    Logger log = LoggerFactory.getLogger(RegistryCommand.class);
    log.info("registry on {}, health and metrics on {}", registry.url(), endpoint.url());
    shutdown.await();
    return ExitCode.DONE;
  }
}
