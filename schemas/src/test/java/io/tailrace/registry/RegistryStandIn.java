package io.tailrace.registry;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** An HTTP server that gives the answers it was told to, in turn, the last one for ever. */
final class RegistryStandIn implements AutoCloseable {
  record Answer(int status, String body) {}

  record Request(String method, String path, String body, @Nullable String authorization) {}

  final List<Request> requests = new CopyOnWriteArrayList<>();
  private final Queue<Answer> answers = new ConcurrentLinkedQueue<>();
  private final HttpServer server;
  private final String scheme;

  RegistryStandIn(Answer... given) throws IOException {
    this(HttpServer.create(onLoopback(0), 0), "http", given);
  }

  private RegistryStandIn(HttpServer server, String scheme, Answer... given) {
    this.server = server;
    this.scheme = scheme;
    answers.addAll(List.of(given));
    server.createContext("/", this::answer);
    server.start();
  }

  /** Where another one was before. */
  static RegistryStandIn at(int port, Answer... given) throws IOException {
    return new RegistryStandIn(HttpServer.create(onLoopback(port), 0), "http", given);
  }

  static RegistryStandIn behindTls(HttpsConfigurator tls, Answer... given) throws IOException {
    HttpsServer server = HttpsServer.create(onLoopback(0), 0);
    server.setHttpsConfigurator(tls);
    return new RegistryStandIn(server, "https", given);
  }

  private static InetSocketAddress onLoopback(int port) {
    return new InetSocketAddress(InetAddress.getLoopbackAddress(), port);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      requests.add(
          new Request(
              exchange.getRequestMethod(),
              exchange.getRequestURI().getRawPath(),
              new String(exchange.getRequestBody().readAllBytes(), StandardCharsets.UTF_8),
              exchange.getRequestHeaders().getFirst("Authorization")));
      Answer answer = answers.size() > 1 ? answers.remove() : answers.element();
      byte[] body = answer.body().getBytes(StandardCharsets.UTF_8);
      exchange.sendResponseHeaders(answer.status(), body.length == 0 ? -1 : body.length);
      exchange.getResponseBody().write(body);
    }
  }

  String url() {
    return scheme + "://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
