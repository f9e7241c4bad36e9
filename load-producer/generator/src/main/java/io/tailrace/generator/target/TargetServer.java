package io.tailrace.generator.target;

import io.vertx.core.DeploymentOptions;
import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** The target, listening on as many event loops as it is told to. */
public final class TargetServer implements AutoCloseable {

  private static final int START_SECONDS = 30;

  private final Vertx vertx;
  private final TargetState state;
  private final String host;
  private final int asked;
  private volatile int port;

  private TargetServer(Vertx vertx, TargetState state, String host, int port) {
    this.vertx = vertx;
    this.state = state;
    this.host = host;
    // To Vert.x, a negative port is a free one that all listeners share.
    this.asked = port == 0 ? -1 : port;
    this.port = port;
  }

  /** Starts a target on a free port of this machine alone. */
  public static TargetServer start(Behaviour behaviour) {
    return start("127.0.0.1", 0, behaviour, 1);
  }

  public static TargetServer start(String host, int port, Behaviour behaviour, int eventLoops) {
    Vertx vertx = Vertx.vertx(new VertxOptions().setEventLoopPoolSize(eventLoops));
    TargetServer server = new TargetServer(vertx, new TargetState(behaviour), host, port);
    try {
      server.listen(eventLoops);
      return server;
    } catch (RuntimeException e) {
      server.close();
      throw new IllegalStateException(
          "cannot listen on " + host + ":" + port + ": " + e.getMessage(), e);
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
      HttpServer http =
          vertx.createHttpServer(new HttpServerOptions().setHost(host).setPort(asked));
      http.connectionHandler(connection -> state.ledger().connected());
      http.requestHandler(new TargetHandler(vertx, state));
      return http.listen().onSuccess(listening -> port = listening.actualPort());
    }
  }
}
