package io.tailrace.registry;

import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsParameters;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManagerFactory;

/** An authority of our own and what it has signed, made by the keytool of this JDK. */
final class TestCertificates {
  static final String PASSWORD = "changeit";
  static final String SERVER = "server";
  static final String ELSEWHERE = "elsewhere";
  static final String EXPIRED = "expired";
  static final String CLIENT = "client";

  private static final String AUTHORITY = "authority";
  private static final String TYPE = "PKCS12";
  private static final String HERE = "san=ip:127.0.0.1";

  private final Path folder;
  private final KeyStore all;

  TestCertificates(Path folder) throws IOException, GeneralSecurityException {
    this.folder = folder;
    create(AUTHORITY, "-ext", "bc:c");
    signed(SERVER, "-ext", HERE);
    signed(ELSEWHERE, "-ext", "san=dns:registry.example.org");
    signed(EXPIRED, "-ext", HERE, "-startdate", "-30d", "-validity", "10");
    signed(CLIENT);
    all = KeyStore.getInstance(TYPE);
    try (InputStream in = Files.newInputStream(folder.resolve("all.p12"))) {
      all.load(in, PASSWORD.toCharArray());
    }
  }

  private void signed(String alias, String... more) throws IOException {
    List<String> options = new ArrayList<>(List.of("-signer", AUTHORITY));
    options.addAll(List.of(more));
    create(alias, options.toArray(String[]::new));
  }

  private void create(String alias, String... more) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "keytool").toString());
    command.addAll(
        List.of("-J-XX:TieredStopAtLevel=1", "-genkeypair", "-alias", alias, "-keyalg", "EC"));
    command.addAll(List.of("-dname", "CN=" + alias, "-storetype", TYPE, "-storepass", PASSWORD));
    command.addAll(List.of("-keystore", folder.resolve("all.p12").toString()));
    command.addAll(List.of(more));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String said =
        new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).strip();
    try {
      if (process.waitFor() != 0) {
        throw new IOException(command + " failed: " + said);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted", e);
    }
  }

  /** A store with this key and its certificates alone. */
  Path keystore(String alias) throws IOException, GeneralSecurityException {
    return save(alias + ".p12", only(alias));
  }

  Path truststore() throws IOException, GeneralSecurityException {
    return save("trusted.p12", trusted());
  }

  Path trustedAsPem() throws IOException, GeneralSecurityException {
    String body =
        Base64.getMimeEncoder(64, new byte[] {'\n'})
            .encodeToString(all.getCertificate(AUTHORITY).getEncoded());
    return Files.writeString(
        folder.resolve("trusted.pem"),
        "-----BEGIN CERTIFICATE-----\n" + body + "\n-----END CERTIFICATE-----\n");
  }

  private Path save(String name, KeyStore store) throws IOException, GeneralSecurityException {
    Path file = folder.resolve(name);
    try (OutputStream out = Files.newOutputStream(file)) {
      store.store(out, PASSWORD.toCharArray());
    }
    return file;
  }

  private KeyStore only(String alias) throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    store.setKeyEntry(
        alias,
        all.getKey(alias, PASSWORD.toCharArray()),
        PASSWORD.toCharArray(),
        all.getCertificateChain(alias));
    return store;
  }

  private KeyStore trusted() throws IOException, GeneralSecurityException {
    KeyStore store = empty();
    store.setCertificateEntry(AUTHORITY, all.getCertificate(AUTHORITY));
    return store;
  }

  private static KeyStore empty() throws IOException, GeneralSecurityException {
    KeyStore store = KeyStore.getInstance(TYPE);
    store.load(null, null);
    return store;
  }

  /** How a server presents itself that may ask who its clients are. */
  HttpsConfigurator server(String alias, boolean asksForClients)
      throws IOException, GeneralSecurityException {
    KeyManagerFactory keys = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    keys.init(only(alias), PASSWORD.toCharArray());
    TrustManagerFactory trust =
        TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
    trust.init(trusted());
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(keys.getKeyManagers(), trust.getTrustManagers(), null);
    return new HttpsConfigurator(context) {
      @Override
      public void configure(HttpsParameters parameters) {
        SSLParameters ssl = context.getDefaultSSLParameters();
        ssl.setNeedClientAuth(asksForClients);
        parameters.setSSLParameters(ssl);
      }
    };
  }
}
