package io.tailrace.generator.engine;

import io.tailrace.generator.plan.HttpSettings;
import io.tailrace.generator.plan.Plan;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpClientAgent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.http.PoolOptions;
import io.vertx.core.net.PemKeyCertOptions;
import io.vertx.core.net.PemTrustOptions;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/**
 * Makes HTTP clients as the plan has them. Connections are opened and kept by the loops themselves:
 * without the client's pool, a request's connecting is measured apart from its waiting, and the
 * bound on connections is exact.
 */
final class HttpTransport {

  private static final int MAX_HEADER_BYTES = 64 << 10;

  private final Vertx vertx;
  private final HttpClientOptions options;

  HttpTransport(Vertx vertx, Plan plan) {
    this.vertx = vertx;
    HttpSettings http = plan.http();
    this.options =
        new HttpClientOptions()
            .setProtocolVersion(HttpVersion.HTTP_1_1)
            .setKeepAlive(http.keepAlive())
            .setKeepAliveTimeout(0)
            .setMaxHeaderSize(MAX_HEADER_BYTES)
            .setMaxRedirects(0)
            .setTcpNoDelay(true)
            .setConnectTimeout((int) TimeUnit.NANOSECONDS.toMillis(http.connectTimeoutNanos()));
    if (plan.tls()) {
      secure(http.tls());
    }
  }

  private void secure(HttpSettings.Tls tls) {
    options.setSsl(true).setTrustAll(tls.trustAll()).setVerifyHost(tls.verifyHost());
    Path authorities = tls.authorities();
    if (authorities != null) {
      options.setTrustOptions(new PemTrustOptions().addCertPath(authorities.toString()));
    }
    Path certificate = tls.certificate();
    Path key = tls.key();
    if (certificate != null && key != null) {
      options.setKeyCertOptions(
          new PemKeyCertOptions().addCertPath(certificate.toString()).addKeyPath(key.toString()));
    }
  }

  HttpClientAgent client() {
    return vertx
        .httpClientBuilder()
        .with(options)
        .with(new PoolOptions().setCleanerPeriod(0))
        .build();
  }
}
