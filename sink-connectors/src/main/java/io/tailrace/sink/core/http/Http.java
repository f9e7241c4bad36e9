package io.tailrace.sink.core.http;

import io.tailrace.config.Secret;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.file.FileSystemOptions;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemTrustOptions;
import io.vertx.core.net.ProxyOptions;
import io.vertx.core.net.ProxyType;
import io.vertx.core.net.SocketAddress;
import io.vertx.ext.web.client.HttpRequest;
import io.vertx.ext.web.client.HttpResponse;
import io.vertx.ext.web.client.WebClient;
import io.vertx.ext.web.client.WebClientOptions;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.ConnectException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.UnknownHostException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.zip.GZIPOutputStream;

/**
 * One sink's HTTP client: pooled, TLS always verified, no redirects, a proxy only when one is
 * configured. Calls block the worker that makes them until the answer or the deadline.
 */
public final class Http implements AutoCloseable {
  private static final int LEAST_GZIPPED = 1_024;

  private final Vertx vertx;
  private final WebClient client;
  private final HttpConfig config;
  private final NetworkRules rules;

  private Http(Vertx vertx, WebClient client, HttpConfig config, NetworkRules rules) {
    this.vertx = vertx;
    this.client = client;
    this.config = config;
    this.rules = rules;
  }

  /** A client with threads of its own, so that nothing another sink does can keep it waiting. */
  public static Http open(HttpConfig config, NetworkRules rules) {
    Vertx vertx =
        Vertx.vertx(
            new VertxOptions()
                .setEventLoopPoolSize(1)
                .setWorkerPoolSize(2)
                .setInternalBlockingPoolSize(2)
                .setFileSystemOptions(
                    new FileSystemOptions()
                        .setFileCachingEnabled(false)
                        .setClassPathResolvingEnabled(false)));
    return new Http(
        vertx, WebClient.create(vertx, clientOptions(config), pool(config)), config, rules);
  }

  private static WebClientOptions clientOptions(HttpConfig config) {
    int seconds = (int) Math.max(1, config.timeout().toSeconds());
    WebClientOptions options =
        new WebClientOptions()
            .setUserAgent("tailrace")
            .setFollowRedirects(false)
            .setDecompressionSupported(true)
            .setVerifyHost(true)
            .setTrustAll(false)
            .setConnectTimeout((int) Math.min(10_000, config.timeout().toMillis()))
            .setIdleTimeout(seconds + 1)
            .setKeepAlive(config.keepAlive())
            .setKeepAliveTimeout((int) Math.max(1, config.idleTimeout().toSeconds()));
    config
        .certificates()
        .ifPresent(
            file -> options.setTrustOptions(new PemTrustOptions().addCertPath(file.toString())));
    config.proxy().map(Http::proxyOptions).ifPresent(options::setProxyOptions);
    return options;
  }

  private static ProxyOptions proxyOptions(HttpProxy proxy) {
    ProxyOptions options =
        new ProxyOptions().setType(ProxyType.HTTP).setHost(proxy.host()).setPort(proxy.port());
    proxy.username().ifPresent(options::setUsername);
    proxy.password().map(Secret::reveal).ifPresent(options::setPassword);
    return options;
  }

  private static PoolOptions pool(HttpConfig config) {
    return new PoolOptions().setHttp1MaxSize(config.connections());
  }

  /** A target whose address stands in the configuration. */
  public HttpTarget target(URI base) {
    return new HttpTarget(this, base, Map.of(), config.timeout(), config.gzip(), false);
  }

  /** A target whose address came out of a template: it is held against the allowed hosts. */
  public HttpTarget renderedTarget(URI base) {
    return new HttpTarget(this, base, Map.of(), config.timeout(), config.gzip(), true);
  }

  /** How requests are made, for a vendor's own client that is to behave likewise. */
  public HttpConfig config() {
    return config;
  }

  /** Throws when no request may go to this configured address, for a vendor's own client. */
  public void requireAllowed(URI address) throws IOException {
    String host = HttpTarget.plainHost(address);
    InetAddress[] found;
    try {
      found = InetAddress.getAllByName(host);
    } catch (UnknownHostException e) {
      if (config.proxy().isEmpty()) {
        throw e;
      }
      refuse(address, rules.refusal(host, false));
      return;
    }
    for (InetAddress each : found) {
      refuse(address, rules.refusal(host, each, false));
    }
  }

  private static void refuse(Object target, Optional<String> reason) throws HttpRefused {
    if (reason.isPresent()) {
      throw new HttpRefused("refused to connect to " + target + ": " + reason.get());
    }
  }

  HttpAnswer send(HttpTarget target, HttpCall call) throws IOException, InterruptedException {
    long end = System.nanoTime() + target.timeout().toNanos();
    if (config.proxy().isPresent()) {
      requireAllowedByName(target, end);
      // The proxy looks the name up: this machine may not be able to.
      return exchange(
          target, call, SocketAddress.inetSocketAddress(target.port(), target.host()), end);
    }
    List<InetAddress> addresses = addresses(target, end);
    HttpFailure unreachable = null;
    for (InetAddress address : addresses) {
      try {
        return exchange(
            target,
            call,
            SocketAddress.inetSocketAddress(new InetSocketAddress(address, target.port())),
            end);
      } catch (HttpFailure e) {
        if (e.isMaybeReceived()) {
          throw e;
        }
        unreachable = e;
      }
    }
    throw unreachable == null ? new HttpFailure("no address for " + target, false) : unreachable;
  }

  /** What is unknown here is held against the rules by its name alone. */
  private void requireAllowedByName(HttpTarget target, long end)
      throws IOException, InterruptedException {
    try {
      List<InetAddress> unused = addresses(target, end);
    } catch (HttpFailure e) {
      if (!(e.getCause() instanceof UnknownHostException)) {
        throw e;
      }
      refuse(target, rules.refusal(target.host(), target.isRendered()));
    }
  }

  /** Looked up here and connected to as they are: nobody looks the name up a second time. */
  private List<InetAddress> addresses(HttpTarget target, long end)
      throws IOException, InterruptedException {
    String host = target.host();
    Callable<InetAddress[]> lookup = () -> InetAddress.getAllByName(host);
    InetAddress[] found = await(vertx.executeBlocking(lookup, false), target, end, false);
    List<InetAddress> addresses = new ArrayList<>();
    for (InetAddress address : found) {
      refuse(target, rules.refusal(host, address, target.isRendered()));
      addresses.add(address);
    }
    return addresses;
  }

  private HttpAnswer exchange(HttpTarget target, HttpCall call, SocketAddress address, long end)
      throws IOException, InterruptedException {
    HttpRequest<Buffer> request =
        client
            .request(
                HttpMethod.valueOf(call.method()),
                address,
                target.port(),
                target.host(),
                target.path() + call.path())
            .ssl(target.isTls())
            .as(() -> new CappedBody(config.largestAnswer(), () -> System.nanoTime() - end > 0));
    target.headers().forEach(request::putHeader);
    call.headers().forEach(request::putHeader);
    byte[] body = call.body();
    if (target.isGzipped() && body.length >= LEAST_GZIPPED) {
      body = gzip(body);
      request.putHeader("Content-Encoding", "gzip");
    }
    boolean empty = body.length == 0 && call.method().equals("GET");
    HttpResponse<Buffer> response =
        await(empty ? request.send() : request.sendBuffer(Buffer.buffer(body)), target, end, true);
    Map<String, String> headers = new TreeMap<>();
    response.headers().forEach((name, value) -> headers.put(name.toLowerCase(Locale.ROOT), value));
    Buffer answer = response.body();
    return new HttpAnswer(
        response.statusCode(),
        headers,
        answer == null ? new byte[0] : answer.getBytes(),
        target.credentials());
  }

  private static <T> T await(Future<T> future, HttpTarget target, long end, boolean sent)
      throws IOException, InterruptedException {
    try {
      long left = Math.max(1, end - System.nanoTime());
      return future.toCompletionStage().toCompletableFuture().get(left, TimeUnit.NANOSECONDS);
    } catch (TimeoutException e) {
      throw new HttpFailure(
          "no answer from " + target + " within " + target.timeout().toMillis() + " ms", sent, e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause() == null ? e : e.getCause();
      if (cause instanceof UnknownHostException) {
        throw new HttpFailure("there is no host " + target.host(), false, cause);
      }
      throw new HttpFailure(target + ": " + reason(cause), sent && !isUnsent(cause), cause);
    }
  }

  /** What fails before a byte of the request has left. */
  private static boolean isUnsent(Throwable cause) {
    for (Throwable each = cause; each != null; each = each.getCause()) {
      if (each instanceof ConnectException
          || each instanceof javax.net.ssl.SSLHandshakeException
          || each instanceof java.security.cert.CertificateException) {
        return true;
      }
    }
    return false;
  }

  private static String reason(Throwable cause) {
    String message = cause.getMessage();
    Throwable deeper = cause.getCause();
    if (message == null) {
      return deeper == null ? cause.getClass().getSimpleName() : reason(deeper);
    }
    return deeper == null || deeper.getMessage() == null || message.contains(deeper.getMessage())
        ? message
        : message + ": " + deeper.getMessage();
  }

  private static byte[] gzip(byte[] body) {
    ByteArrayOutputStream packed = new ByteArrayOutputStream(body.length / 4 + 64);
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    } catch (IOException e) {
      throw new UncheckedIOException("memory does not fail", e);
    }
    return packed.toByteArray();
  }

  @Override
  public void close() {
    client.close();
    Future<Void> unused = vertx.close();
  }
}
