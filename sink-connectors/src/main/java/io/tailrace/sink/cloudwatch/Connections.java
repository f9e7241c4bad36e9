package io.tailrace.sink.cloudwatch;

import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.HttpProxy;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.InetSocketAddress;
import java.net.Proxy;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.time.Duration;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.WeakHashMap;
import javax.net.ssl.HttpsURLConnection;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import software.amazon.awssdk.http.urlconnection.UrlConnectionFactory;

/** Java's own connections, held to the rules of every sink: deadlines, certificates, proxy. */
final class Connections implements UrlConnectionFactory, AutoCloseable {
  private static final Duration LONGEST_CONNECT = Duration.ofSeconds(10);

  private final int connectMillis;
  private final int readMillis;
  private final Optional<SSLSocketFactory> trusting;
  private final Proxy proxy;
  private final Set<HttpURLConnection> open = Collections.newSetFromMap(new WeakHashMap<>());

  Connections(HttpConfig config) {
    readMillis = (int) Math.min(Integer.MAX_VALUE, config.timeout().toMillis());
    connectMillis = (int) Math.min(LONGEST_CONNECT.toMillis(), readMillis);
    trusting = config.certificates().map(Connections::trusting);
    proxy = config.proxy().map(Connections::proxy).orElse(Proxy.NO_PROXY);
  }

  /** Ends what is still waiting for an answer; a thread in a read hears no interruption. */
  @Override
  public void close() {
    List<HttpURLConnection> left;
    synchronized (open) {
      left = List.copyOf(open);
    }
    left.forEach(HttpURLConnection::disconnect);
  }

  @Override
  public HttpURLConnection createConnection(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(proxy);
      connection.setConnectTimeout(connectMillis);
      connection.setReadTimeout(readMillis);
      if (connection instanceof HttpsURLConnection tls) {
        trusting.ifPresent(tls::setSSLSocketFactory);
      }
      synchronized (open) {
        open.add(connection);
      }
      return connection;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot open a connection to " + uri, e);
    }
  }

  private static Proxy proxy(HttpProxy configured) {
    if (configured.username().isPresent()) {
      throw new IllegalArgumentException(
          "proxy.username: Java's own connections, which Amazon's client uses, do not log in to a"
              + " proxy; expected one that lets this machine through without");
    }
    return new Proxy(Proxy.Type.HTTP, new InetSocketAddress(configured.host(), configured.port()));
  }

  private static SSLSocketFactory trusting(Path file) {
    try (InputStream pem = Files.newInputStream(file)) {
      KeyStore store = KeyStore.getInstance(KeyStore.getDefaultType());
      store.load(null, null);
      int number = 0;
      for (Certificate each : CertificateFactory.getInstance("X.509").generateCertificates(pem)) {
        store.setCertificateEntry("authority-" + number++, each);
      }
      TrustManagerFactory managers =
          TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
      managers.init(store);
      SSLContext context = SSLContext.getInstance("TLS");
      context.init(null, managers.getTrustManagers(), null);
      return context.getSocketFactory();
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalArgumentException(
          "ca_file " + file + " cannot be read: " + e.getMessage(), e);
    }
  }
}
