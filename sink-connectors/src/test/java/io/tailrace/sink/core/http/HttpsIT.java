package io.tailrace.sink.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tailrace.sink.contract.StubProxy;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** TLS is verified, whatever there is to trust. */
@Timeout(60)
class HttpsIT {
  private static final String PASSWORD = "changeit";
  private static final String HERE = "san=ip:127.0.0.1";

  @TempDir Path folder;
  private Path authority = Path.of("");

  @BeforeEach
  void certificates() throws IOException, InterruptedException {
    keytool(
        "-genkeypair", "-alias", "authority", "-keyalg", "EC", "-dname", "CN=a", "-ext", "bc:c");
    authority = folder.resolve("authority.pem");
    keytool("-exportcert", "-rfc", "-alias", "authority", "-file", authority.toString());
    signed("here", "-ext", HERE);
    signed("elsewhere", "-ext", "san=dns:elsewhere.example.com");
    signed("expired", "-ext", HERE, "-startdate", "-30d", "-validity", "10");
  }

  @Test
  void verifiesTheCertificateItsNameAndItsDates() throws Exception {
    assertThat(status("here", Optional.of(authority))).isEqualTo(204);
    assertRefused("elsewhere", Optional.of(authority), "name");
    assertRefused("expired", Optional.of(authority), "validity check failed");
    assertRefused("here", Optional.empty(), "certification path");
  }

  /** Encrypted from end to end: the proxy is told a name, and that name is verified. */
  @Test
  void throughAProxyTheTargetIsVerifiedAllTheSame() throws Exception {
    HttpsServer server = serving("elsewhere");
    try (StubProxy proxy = new StubProxy(server.getAddress().getPort(), "")) {
      HttpConfig config =
          HttpConfig.DEFAULT
              .trusting(authority)
              .withProxy(new HttpProxy(proxy.url(), Optional.empty(), Optional.empty()));
      try (Http http = Http.open(config, NetworkRules.DEFAULT)) {
        HttpTarget target = http.target(URI.create("https://elsewhere.example.com"));
        assertThat(target.send(HttpCall.get("/")).status()).isEqualTo(204);
        assertThat(proxy.asked())
            .extracting(StubProxy.Asked::line)
            .containsExactly("CONNECT elsewhere.example.com:443 HTTP/1.1");
        assertThatThrownBy(
                () -> http.target(URI.create("https://b.invalid")).send(HttpCall.get("/")))
            .isInstanceOf(HttpFailure.class)
            .hasStackTraceContaining("name");
      }
    } finally {
      server.stop(0);
    }
  }

  private void assertRefused(String alias, Optional<Path> trusted, String reason) {
    assertThatThrownBy(() -> status(alias, trusted))
        .as(alias)
        .isInstanceOfSatisfying(HttpFailure.class, e -> assertThat(e.isMaybeReceived()).isFalse())
        .hasStackTraceContaining(reason);
  }

  private int status(String alias, Optional<Path> trusted) throws Exception {
    HttpsServer server = serving(alias);
    HttpConfig config = trusted.map(HttpConfig.DEFAULT::trusting).orElse(HttpConfig.DEFAULT);
    try (Http http = Http.open(config, NetworkRules.DEFAULT)) {
      URI url = URI.create("https://127.0.0.1:" + server.getAddress().getPort());
      return http.target(url).send(HttpCall.get("/")).status();
    } finally {
      server.stop(0);
    }
  }

  private HttpsServer serving(String alias) throws IOException, GeneralSecurityException {
    HttpsServer server =
        HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.setHttpsConfigurator(new HttpsConfigurator(presenting(alias)));
    server.createContext(
        "/",
        exchange -> {
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
    return server;
  }

  private SSLContext presenting(String alias) throws IOException, GeneralSecurityException {
    KeyStore all = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("all.p12"))) {
      all.load(in, PASSWORD.toCharArray());
    }
    KeyStore one = KeyStore.getInstance("PKCS12");
    one.load(null, null);
    one.setKeyEntry(
        alias,
        all.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(alias));
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(one, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void signed(String alias, String... more) throws IOException, InterruptedException {
    List<String> options =
        new ArrayList<>(
            List.of("-genkeypair", "-alias", alias, "-keyalg", "EC", "-dname", "CN=" + alias));
    options.addAll(List.of("-signer", "authority"));
    options.addAll(List.of(more));
    keytool(options.toArray(String[]::new));
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.add("-J-XX:TieredStopAtLevel=1");
    command.addAll(List.of(arguments));
    command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", folder.resolve("all.p12").toString()));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(said).isZero();
  }
}
