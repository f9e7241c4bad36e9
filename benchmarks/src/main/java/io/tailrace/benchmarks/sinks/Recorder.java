package io.tailrace.benchmarks.sinks;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/** Takes everything a sink sends, and writes down the requests that carry aggregates. */
final class Recorder implements AutoCloseable {
  private final SinkCase sinkCase;
  private final boolean kept;
  private final HttpServer server;
  private final ExecutorService workers = Executors.newFixedThreadPool(4);
  private final DataOutputStream file;

  /**
   * @param kept whether what comes is written down
   */
  Recorder(SinkCase sinkCase, Path path, boolean kept) throws IOException {
    this.sinkCase = sinkCase;
    this.kept = kept;
    this.file = new DataOutputStream(Files.newOutputStream(path));
    this.server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  String url() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if (kept && "gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      String path = exchange.getRequestURI().toString();
      if (kept && sinkCase.carriesAggregates(path)) {
        record(exchange, path, body);
      }
      byte[] answer = sinkCase.answer(path).getBytes(StandardCharsets.UTF_8);
      if (answer.length == 0) {
        exchange.sendResponseHeaders(204, -1);
      } else {
        exchange.sendResponseHeaders(200, answer.length);
        exchange.getResponseBody().write(answer);
      }
    }
  }

  private synchronized void record(HttpExchange exchange, String path, byte[] body)
      throws IOException {
    file.writeUTF(path);
    file.writeUTF(exchange.getRequestHeaders().getFirst("Content-Type"));
    file.writeInt(body.length);
    file.write(body);
  }

  @Override
  public synchronized void close() {
    server.stop(0);
    workers.shutdownNow();
    try {
      file.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
