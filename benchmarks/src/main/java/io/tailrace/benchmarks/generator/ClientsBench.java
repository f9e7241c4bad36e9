package io.tailrace.benchmarks.generator;

import io.tailrace.benchmarks.aggregate.BenchCluster;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpClient;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientConnection;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpConnectOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.client.WebClient;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * {@code bench clients}: the ways a load generator can send with Vert.x, each on one event loop
 * with the same connections, sending again as soon as it was answered, in turns.
 */
public final class ClientsBench {

  private static final int CONNECTIONS = 64;
  private static final int WARM_UP_SECONDS = 4;
  private static final int SECONDS = 5;
  private static final int PATIENCE_SECONDS = 30;

  /** One way to send. */
  private enum Way {
    WEB_CLIENT("web client"),
    POOL("core client, its pool"),
    OWN_CONNECTIONS("core client, connections of one's own");

    final String title;

    Way(String title) {
      this.title = title;
    }
  }

  private final URI target;
  private final LongAdder answered = new LongAdder();
  private volatile boolean over;
  private volatile @Nullable Throwable failure;

  private ClientsBench(URI target) {
    this.target = target;
  }

  /** Measures each way as many times as told, 5 by default, and prints the medians. */
  public static int run(List<String> arguments, PrintStream out)
      throws IOException, InterruptedException {
    if (!arguments.isEmpty() && !arguments.get(0).matches("[1-9]\\d{0,3}")) {
      out.print("usage: bench clients [ROUNDS]\n  ROUNDS  of all ways in turn (5)\n");
      return arguments.contains("--help") ? 0 : 2;
    }
    int rounds = arguments.isEmpty() ? 5 : Integer.parseInt(arguments.get(0));
    Path log = Files.createTempFile("tailrace-target", ".log");
    Process server = BenchCluster.java(List.of(), TargetMain.class.getName(), List.of(), log);
    Map<Way, List<Double>> rates = new EnumMap<>(Way.class);
    try (BufferedReader said = server.inputReader(StandardCharsets.UTF_8)) {
      URI target = URI.create(said.readLine());
      for (int round = 0; round < rounds; round++) {
        for (Way way : Way.values()) {
          rates
              .computeIfAbsent(way, w -> new ArrayList<>())
              .add(new ClientsBench(target).measure(way));
        }
      }
    } finally {
      BenchCluster.end(server);
      Files.delete(log);
    }
    rates.forEach(
        (way, all) -> {
          Collections.sort(all);
          out.printf(
              Locale.ROOT,
              "%-40s %9.0f requests/s (%.0f to %.0f)%n",
              way.title,
              all.get(all.size() / 2),
              all.get(0),
              all.get(all.size() - 1));
        });
    return 0;
  }

  private double measure(Way way) throws InterruptedException {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    try {
      vertx.runOnContext(now -> start(way, vertx));
      TimeUnit.SECONDS.sleep(WARM_UP_SECONDS);
      long before = answered.sum();
      long began = System.nanoTime();
      TimeUnit.SECONDS.sleep(SECONDS);
      double rate = (answered.sum() - before) / ((System.nanoTime() - began) / 1e9);
      over = true;
      Throwable thrown = failure;
      if (thrown != null) {
        throw new IllegalStateException(way.title + ": void, a request failed", thrown);
      }
      return rate;
    } finally {
      close(vertx);
    }
  }

  private static void close(Vertx vertx) {
    try {
      vertx.close().await(PATIENCE_SECONDS, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("Vert.x did not close", e);
    }
  }

  private void start(Way way, Vertx vertx) {
    HttpClientOptions options = new HttpClientOptions().setTcpNoDelay(true);
    PoolOptions pool = new PoolOptions().setHttp1MaxSize(CONNECTIONS);
    HttpClientAgent agent = vertx.httpClientBuilder().with(options).with(pool).build();
    WebClient web = WebClient.wrap(agent);
    for (int i = 0; i < CONNECTIONS; i++) {
      switch (way) {
        case WEB_CLIENT -> again(() -> web.get(target.getPort(), target.getHost(), "/").send());
        case POOL ->
            again(() -> exchange(agent, get().setHost(target.getHost()).setPort(target.getPort())));
        case OWN_CONNECTIONS -> {
          HttpConnectOptions to =
              new HttpConnectOptions().setHost(target.getHost()).setPort(target.getPort());
          Future<HttpClientConnection> connected = agent.connect(to);
          connected
              .onSuccess(connection -> again(() -> exchange(connection, get())))
              .onFailure(thrown -> failure = thrown);
        }
      }
    }
  }

  private static RequestOptions get() {
    return new RequestOptions().setMethod(HttpMethod.GET).setURI("/");
  }

  private static Future<?> exchange(HttpClient client, RequestOptions options) {
    return client
        .request(options)
        .compose(request -> request.send())
        .compose(response -> response.end());
  }

  /** One request after another, on the event loop. */
  private void again(Supplier<Future<?>> send) {
    if (over) {
      return;
    }
    send.get()
        .onComplete(
            result -> {
              if (result.succeeded()) {
                answered.increment();
                again(send);
              } else if (!over) {
                failure = result.cause();
              }
            });
  }
}
