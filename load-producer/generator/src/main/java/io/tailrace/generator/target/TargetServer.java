package io.tailrace.generator.target;

import io.tailrace.generator.engine.EventLoops;
import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The target, listening on as many event loops as it is told to. */
public final class TargetServer implements AutoCloseable {

  private static final int START_SECONDS = 30;

  private final Vertx vertx;
  private final TargetState state;
  private final String host;
  private final int port;

  private TargetServer(Vertx vertx, TargetState state, String host, int port) {
    this.vertx = vertx;
    this.state = state;
    this.host = host;
    this.port = port;
  }

  /** Starts a target on a free port of this machine alone. */
  public static TargetServer start(Behaviour behaviour) {
    return start("127.0.0.1", 0, behaviour, 1);
  }

  public static TargetServer start(String host, int port, Behaviour behaviour, int eventLoops) {
    int chosen = port == 0 ? freePort(host) : port;
    Vertx vertx = EventLoops.open(eventLoops);
    TargetServer server = new TargetServer(vertx, new TargetState(behaviour), host, chosen);
    try {
      server.listen(eventLoops);
      return server;
    } catch (Exception e) {
      // Vert.x throws what the operating system said, checked or not.
      server.close();
      throw new IllegalStateException(
          "the target cannot listen on %s:%d (%s): choose another port; 0 takes any that is free"
              .formatted(host, chosen, e.getMessage()),
          e);
    }
  }

  /** All listeners must know the port from the start to share it. */
  private static int freePort(String host) {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getByName(host))) {
      return probe.getLocalPort();
    } catch (IOException e) {
      throw new IllegalStateException("no free port on " + host + ": " + e.getMessage(), e);
    }
  }

  private void listen(int instances) {
    await(
        vertx.deployVerticle(Listener::new, new DeploymentOptions().setInstances(instances)),
        START_SECONDS);
  }

  public int port() {
    return port;
  }

  public String url() {
    return "http://" + host + ":" + port;
  }

  public TargetLedger ledger() {
    return state.ledger();
  }

  @Override
  public void close() {
    await(vertx.close(), START_SECONDS);
  }

  private static void await(Future<?> future, int seconds) {
    try {
      future.await(seconds, TimeUnit.SECONDS);
    } catch (TimeoutException e) {
      throw new IllegalStateException("no answer within " + seconds + " s", e);
    }
  }

  private final class Listener extends VerticleBase {
    @Override
    public Future<?> start() {
      HttpServer http = vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(port));
      http.connectionHandler(
          connection -> {
            state.ledger().connected();
            // A client that goes away is none of the target's troubles.
            connection.exceptionHandler(gone -> {});
          });
      http.requestHandler(new TargetHandler(vertx, state));
      return http.listen();
    }
  }
}
