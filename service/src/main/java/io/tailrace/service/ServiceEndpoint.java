package io.tailrace.service;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.exporter.common.TextFormat;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.stream.Collectors;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Answers {@code /metrics}, {@code /health/live} and {@code /health/ready} for one service. */
public final class ServiceEndpoint implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ServiceEndpoint.class);
  private static final String TEXT = "text/plain; charset=utf-8";
  private static final int THREADS = 4;

  private final HttpServer server;
  private final ExecutorService threads;
  private final CollectorRegistry metrics;
  private final Health health;
  private final Pages pages;

  private ServiceEndpoint(
      HttpServer server,
      ExecutorService threads,
      CollectorRegistry metrics,
      Health health,
      Pages pages) {
    this.server = server;
    this.threads = threads;
    this.metrics = metrics;
    this.health = health;
    this.pages = pages;
  }

  public static ServiceEndpoint start(
      EndpointConfig config, CollectorRegistry metrics, Health health) {
    return start(config, metrics, health, new Pages());
  }

  public static ServiceEndpoint start(
      EndpointConfig config, CollectorRegistry metrics, Health health, Pages pages) {
    limitSlowRequests();
    InetSocketAddress address = new InetSocketAddress(config.host(), config.port());
    HttpServer server;
    try {
      server = HttpServer.create(address, 0);
    } catch (IOException e) {
      throw new UncheckedIOException(
          "cannot listen for health and metrics on %s:%d (%s): choose another service.port; 0 takes any that is free"
              .formatted(config.host(), config.port(), e.getMessage()),
          e);
    }
    ExecutorService threads = Executors.newFixedThreadPool(THREADS, ServiceEndpoint::daemon);
    ServiceEndpoint endpoint = new ServiceEndpoint(server, threads, metrics, health, pages);
    server.setExecutor(threads);
    server.createContext("/", endpoint::answer);
    server.start();
    return endpoint;
  }

  public int port() {
    return server.getAddress().getPort();
  }

  public URI url() {
    String host = server.getAddress().getHostString();
    return URI.create("http://" + (host.contains(":") ? "[" + host + "]" : host) + ":" + port());
  }

  @Override
  public void close() {
    server.stop(0);
    threads.shutdownNow();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String method = exchange.getRequestMethod();
      if (!method.equals("GET") && !method.equals("HEAD")) {
        exchange.getResponseHeaders().set("Allow", "GET, HEAD");
        send(exchange, 405, TEXT, "only GET and HEAD\n");
        return;
      }
      String path = exchange.getRequestURI().getPath();
      switch (path) {
        case "/metrics" -> metrics(exchange);
        case "/health/live" -> health(exchange, health.liveProblems());
        case "/health/ready" -> health(exchange, health.readyProblems());
        default -> page(exchange, path);
      }
    } catch (RuntimeException e) {
      LOG.warn("cannot answer {}", exchange.getRequestURI().getPath(), e);
      throw e;
    }
  }

  private void page(HttpExchange exchange, String path) throws IOException {
    String accepted = exchange.getRequestHeaders().getFirst("Accept");
    Optional<Page> page = pages.at(path, accepted == null ? "" : accepted);
    if (page.isPresent()) {
      send(exchange, 200, page.get().contentType(), page.get().body());
    } else {
      String known = "/metrics, /health/live, /health/ready";
      send(exchange, 404, TEXT, known + pages.paths() + "\n");
    }
  }

  private void metrics(HttpExchange exchange) throws IOException {
    String accepted = exchange.getRequestHeaders().getFirst("Accept");
    String contentType = TextFormat.chooseContentType(accepted);
    StringWriter text = new StringWriter();
    TextFormat.writeFormat(contentType, text, metrics.metricFamilySamples());
    send(exchange, 200, contentType, text.toString());
  }

  private static void health(HttpExchange exchange, Map<String, String> problems)
      throws IOException {
    String lines =
        problems.entrySet().stream()
            .map(problem -> problem.getKey() + ": " + problem.getValue() + "\n")
            .collect(Collectors.joining());
    send(exchange, problems.isEmpty() ? 200 : 503, TEXT, problems.isEmpty() ? "ok\n" : lines);
  }

  private static void send(HttpExchange exchange, int status, String contentType, String text)
      throws IOException {
    send(exchange, status, contentType, text.getBytes(StandardCharsets.UTF_8));
  }

  private static void send(HttpExchange exchange, int status, String contentType, byte[] body)
      throws IOException {
    exchange.getResponseHeaders().set("Content-Type", contentType);
    boolean head = exchange.getRequestMethod().equals("HEAD");
    exchange.sendResponseHeaders(status, head ? -1 : body.length);
    if (!head) {
      try (OutputStream out = exchange.getResponseBody()) {
        out.write(body);
      }
    }
  }

  /** The JDK's server waits for ever for a request that never ends, unless told otherwise. */
  private static void limitSlowRequests() {
    for (String limit : new String[] {"maxReqTime", "maxRspTime"}) {
      String name = "sun.net.httpserver." + limit;
      if (System.getProperty(name) == null) {
        System.setProperty(name, "30");
      }
    }
  }

  private static Thread daemon(Runnable task) {
    Thread thread = new Thread(task, "service-endpoint");
    thread.setDaemon(true);
    return thread;
  }
}
