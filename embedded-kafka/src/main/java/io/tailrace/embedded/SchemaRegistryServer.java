package io.tailrace.embedded;

import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;

/**
 * A schema registry that speaks the protocol of Confluent's and keeps its schemas in the cluster;
 * any number of them may serve one cluster.
 */
public final class SchemaRegistryServer implements AutoCloseable {
  private static final int REQUESTS_AT_ONCE = 16;

  private final HttpServer http;
  private final ExecutorService workers;
  private final SchemaLog log;

  private SchemaRegistryServer(HttpServer http, ExecutorService workers, SchemaLog log) {
    this.http = http;
    this.workers = workers;
    this.log = log;
  }

  /** Starts a registry on loopback; port 0 takes any free one. */
  public static SchemaRegistryServer start(String bootstrapServers, int port) {
    return start(
        Map.of("bootstrap.servers", bootstrapServers),
        new InetSocketAddress(LoopbackPorts.address(), port));
  }

  /** Starts a registry that reaches its cluster with these client properties. */
  public static SchemaRegistryServer start(
      Map<String, ?> clientProperties, InetSocketAddress address) {
    HttpServer http = bind(address);
    SchemaLog log = null;
    try {
      try (Admin admin = Admin.create(new HashMap<>(clientProperties))) {
        SchemasTopic.require(admin);
      }
      RegistryState state = new RegistryState();
      log = new SchemaLog(clientProperties, SchemasTopic.NAME, state);
      log.catchUp();
      ExecutorService workers =
          Executors.newFixedThreadPool(REQUESTS_AT_ONCE, SchemaRegistryServer::worker);
      http.setExecutor(workers);
      http.createContext("/", new RegistryApi(new SubjectRegistry(state, log)));
      http.start();
      return new SchemaRegistryServer(http, workers, log);
    } catch (RuntimeException e) {
      http.stop(0);
      if (log != null) {
        log.close();
      }
      throw e instanceof SchemaRegistryException
          ? e
          : new SchemaRegistryException("the registry did not start: " + e.getMessage(), e);
    }
  }

  /** What clients are given as {@code schema.registry.url}. */
  public String url() {
    InetAddress host = http.getAddress().getAddress();
    // Who listens on every address is reached on this machine through loopback.
    String name = host.isAnyLocalAddress() ? LoopbackPorts.HOST : host.getHostAddress();
    return "http://%s:%d"
        .formatted(name.contains(":") ? "[" + name + "]" : name, http.getAddress().getPort());
  }

  @Override
  public void close() {
    http.stop(0);
    workers.shutdown();
    try {
      if (!workers.awaitTermination(5, TimeUnit.SECONDS)) {
        workers.shutdownNow();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    log.close();
  }

  private static HttpServer bind(InetSocketAddress address) {
    try {
      return HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new SchemaRegistryException(
          "cannot listen on %s: %s; choose another port (0 takes any free one)"
              .formatted(address, e.getMessage()),
          e);
    }
  }

  private static final AtomicInteger WORKERS = new AtomicInteger();

  private static Thread worker(Runnable task) {
    Thread thread = new Thread(task, "schema-registry-" + WORKERS.incrementAndGet());
    thread.setDaemon(true);
    return thread;
  }
}
