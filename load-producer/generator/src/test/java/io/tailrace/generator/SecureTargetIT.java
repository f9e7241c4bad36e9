package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsServer;
import io.tailrace.config.SettingsSource;
import io.tailrace.generator.engine.ErrorKind;
import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.plan.PlanReader;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A server with TLS that keeps what it was told of who asks. */
@Timeout(60)
class SecureTargetIT {

  private static final String PASSWORD = "changeit";

  @TempDir Path folder;
  private final Queue<String> authorized = new ConcurrentLinkedQueue<>();
  private HttpsServer server;
  private Path certificate;

  SecureTargetIT() throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    certificate = Path.of("");
  }

  @BeforeEach
  void start() throws Exception {
    certificate = folder.resolve("target.pem");
    keytool("-genkeypair", "-keyalg", "EC", "-dname", "CN=target", "-ext", "san=ip:127.0.0.1");
    keytool("-exportcert", "-rfc", "-file", certificate.toString());
    server.setHttpsConfigurator(new HttpsConfigurator(presenting()));
    server.createContext(
        "/",
        exchange -> {
          authorized.add(exchange.getRequestHeaders().getFirst("Authorization"));
          exchange.sendResponseHeaders(204, -1);
          exchange.close();
        });
    server.start();
  }

  @AfterEach
  void stop() {
    server.stop(0);
  }

  @Test
  void trustsWhatThePlanNamesAndSaysWhoAsks() {
    assertThat(errors("tls: {ca: " + certificate + "}, auth: {basic: {username: u, password: p}}"))
        .isEmpty();
    assertThat(authorized).hasSize(5).containsOnly("Basic dTpw");
    authorized.clear();
    assertThat(errors("tls: {trust_all: true}, auth: {bearer: abc}")).isEmpty();
    assertThat(authorized).hasSize(5).containsOnly("Bearer abc");
    authorized.clear();
    assertThat(errors("timeout: 10s")).containsExactly(Map.entry(ErrorKind.TLS, 5L));
    assertThat(authorized).isEmpty();
  }

  private Map<String, Long> errors(String settings) {
    Plan plan =
        PlanReader.read(
            SettingsSource.ofYaml(
                    """
                    target: https://127.0.0.1:%d/
                    load: {rate: 20, duration: 250ms}
                    http: {%s}
                    """
                        .formatted(server.getAddress().getPort(), settings))
                .allowingLiteralSecrets(true));
    try (LoadRun run = LoadRun.prepare(plan, RunOptions.alone(), SampleSink.NONE)) {
      run.begin();
      assertThat(run.await(Duration.ofSeconds(30))).isTrue();
      return run.progress().errorsByKind();
    }
  }

  private SSLContext presenting() throws Exception {
    KeyStore store = KeyStore.getInstance("PKCS12");
    try (InputStream in = Files.newInputStream(folder.resolve("target.p12"))) {
      store.load(in, PASSWORD.toCharArray());
    }
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(store, PASSWORD.toCharArray());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), null, null);
    return context;
  }

  private void keytool(String... arguments) throws IOException, InterruptedException {
    List<String> command =
        new ArrayList<>(
            List.of(
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
                "-J-XX:TieredStopAtLevel=1"));
    command.addAll(List.of(arguments));
    command.addAll(
        List.of(
            "-alias",
            "target",
            "-keystore",
            folder.resolve("target.p12").toString(),
            "-storepass",
            PASSWORD));
    Path said = folder.resolve("keytool.log");
    Process process =
        new ProcessBuilder(command).redirectErrorStream(true).redirectOutput(said.toFile()).start();
    assertThat(process.waitFor(30, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).as(Files.readString(said)).isZero();
  }
}
