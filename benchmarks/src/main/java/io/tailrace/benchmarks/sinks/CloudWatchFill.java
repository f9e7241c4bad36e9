package io.tailrace.benchmarks.sinks;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.zip.GZIPInputStream;

/**
 * Stands in for CloudWatch, which bills and throttles requests: holds its limits of 1,000 data and
 * a megabyte, and keeps how much of them each request used.
 */
final class CloudWatchFill implements AutoCloseable {
  private static final ObjectMapper CBOR = new CBORMapper();
  private static final double MOST_DATA = 1_000;
  private static final double MOST_BYTES = 1_000_000;
  private static final byte[] NOTHING = {(byte) 0xa0};

  private record Put(int data, int bytes) {
    /** The share of the limit that is nearer. */
    double fill() {
      return Math.max(data / MOST_DATA, bytes / MOST_BYTES);
    }
  }

  private final HttpServer server;
  private final ExecutorService workers = Executors.newFixedThreadPool(4);
  private final List<Put> puts = new CopyOnWriteArrayList<>();

  CloudWatchFill() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 50);
    server.setExecutor(workers);
    server.createContext("/", this::handle);
    server.start();
  }

  /** The sink's block as YAML; two metrics of each series, one of them with every value. */
  String block() {
    return """
        region: us-west-2
        endpoint: http://127.0.0.1:%d
        namespace: bench
        metrics:
          - name: ResponseTime
            dimensions: {TestName: "{{test_name}}", Run: "{{run_id}}", Series: "{{series}}"}
          - name: Throughput
            dimensions: {TestName: "{{test_name}}", Run: "{{run_id}}", Series: "{{series}}"}
        """
        .formatted(server.getAddress().getPort());
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      byte[] body = exchange.getRequestBody().readAllBytes();
      if ("gzip".equals(exchange.getRequestHeaders().getFirst("Content-Encoding"))) {
        body = new GZIPInputStream(new ByteArrayInputStream(body)).readAllBytes();
      }
      int status = 200;
      if (exchange.getRequestURI().getPath().endsWith("/PutMetricData")) {
        JsonNode data = CBOR.readTree(body).path("MetricData");
        if (data.isEmpty() || data.size() > MOST_DATA || body.length > MOST_BYTES) {
          status = 413;
        } else {
          puts.add(new Put(data.size(), body.length));
        }
      }
      exchange.getResponseHeaders().set("smithy-protocol", "rpc-v2-cbor");
      exchange.getResponseHeaders().set("Content-Type", "application/cbor");
      exchange.sendResponseHeaders(status, NOTHING.length);
      exchange.getResponseBody().write(NOTHING);
    }
  }

  int requests() {
    return puts.size();
  }

  /** How much of the limits requests used on average. */
  double average() {
    return puts.stream().mapToDouble(Put::fill).average().orElse(0);
  }

  @Override
  public void close() {
    server.stop(0);
    workers.shutdownNow();
  }
}
