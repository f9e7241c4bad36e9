package io.tailrace.registry;

import static io.tailrace.registry.TestCertificates.CLIENT;
import static io.tailrace.registry.TestCertificates.ELSEWHERE;
import static io.tailrace.registry.TestCertificates.EXPIRED;
import static io.tailrace.registry.TestCertificates.PASSWORD;
import static io.tailrace.registry.TestCertificates.SERVER;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.RunCommand;
import io.tailrace.registry.RegistryStandIn.Answer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import org.apache.avro.Schema;
import org.apache.kafka.common.KafkaException;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry behind TLS, under the keys that users of Confluent's serializers know. */
class RegistryTlsIT {
  private static final Schema SCHEMA = RunCommand.getClassSchema();
  private static final Answer SEVEN = new Answer(200, "{\"id\":7}");

  @TempDir private static Path folder;
  private static TestCertificates certificates;

  @BeforeAll
  static void createCertificates() throws Exception {
    certificates = new TestCertificates(folder);
  }

  private static Map<String, Object> trusting(RegistryStandIn registry) throws Exception {
    Map<String, Object> settings = new HashMap<>();
    settings.put("schema.registry.url", registry.url());
    settings.put("schema.registry.retry.timeout.ms", Duration.ofMinutes(10).toMillis());
    settings.put("schema.registry.ssl.truststore.location", certificates.truststore().toString());
    settings.put("schema.registry.ssl.truststore.password", PASSWORD);
    return settings;
  }

  private static int register(Map<String, Object> settings) {
    return new HttpSchemaRegistry(settings).register("tailrace.commands-value", SCHEMA);
  }

  @Test
  void trustsWhomItIsTold() throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(SERVER, false), SEVEN)) {
      assertThat(register(trusting(registry))).isEqualTo(7);
    }
  }

  @Test
  void trustsWhomAPemFileNames() throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(SERVER, false), SEVEN)) {
      Map<String, Object> settings = trusting(registry);
      settings.put("schema.registry.ssl.truststore.type", "PEM");
      settings.put(
          "schema.registry.ssl.truststore.location", certificates.trustedAsPem().toString());
      settings.remove("schema.registry.ssl.truststore.password");
      assertThat(register(settings)).isEqualTo(7);
    }
  }

  @Test
  void saysWhoItIsByBothSources() throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(SERVER, false), SEVEN)) {
      Map<String, Object> byKey = trusting(registry);
      byKey.put("basic.auth.credentials.source", "USER_INFO");
      byKey.put("basic.auth.user.info", "ann:secret");
      register(byKey);
      Map<String, Object> byAddress = trusting(registry);
      byAddress.put("basic.auth.credentials.source", "URL");
      byAddress.put(
          "schema.registry.url", registry.url().replace("https://", "https://ann:secret@"));
      register(byAddress);
      String expected =
          "Basic "
              + Base64.getEncoder().encodeToString("ann:secret".getBytes(StandardCharsets.UTF_8));
      assertThat(registry.requests)
          .extracting(RegistryStandIn.Request::authorization)
          .containsExactly(expected, expected);
    }
  }

  @Test
  void showsItsOwnCertificateWhereOneIsAskedFor() throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(SERVER, true), SEVEN)) {
      Map<String, Object> settings = trusting(registry);
      settings.put(
          "schema.registry.ssl.keystore.location", certificates.keystore(CLIENT).toString());
      settings.put("schema.registry.ssl.keystore.password", PASSWORD);
      settings.put("schema.registry.ssl.key.password", PASSWORD);
      assertThat(register(settings)).isEqualTo(7);

      Map<String, Object> anonymous = trusting(registry);
      anonymous.put("schema.registry.retry.timeout.ms", 100);
      assertThatThrownBy(() -> register(anonymous)).isInstanceOf(RegistryUnavailable.class);
      assertThat(registry.requests).hasSize(1);
    }
  }

  @Test
  void refusesTheCertificateOfAnotherHost() throws Exception {
    assertRefused(ELSEWHERE, "127.0.0.1");
  }

  @Test
  void refusesAnExpiredCertificate() throws Exception {
    assertRefused(EXPIRED, "");
  }

  /** At once, though the patience of these clients is ten minutes. */
  private static void assertRefused(String alias, String reason) throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(alias, false), SEVEN)) {
      Map<String, Object> settings = trusting(registry);
      assertThatThrownBy(() -> register(settings))
          .isInstanceOf(RegistryUnavailable.class)
          .hasMessageContaining("asking " + registry.url())
          .hasMessageContaining("its certificate is refused")
          .hasMessageContaining(reason);
      assertThat(registry.requests).isEmpty();
    }
  }

  @Test
  void refusesAnAuthorityItDoesNotKnow() throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(SERVER, false), SEVEN)) {
      Map<String, Object> settings = trusting(registry);
      settings.keySet().removeIf(key -> key.startsWith("schema.registry.ssl."));
      assertThatThrownBy(() -> register(settings))
          .isInstanceOf(RegistryUnavailable.class)
          .hasMessageContaining("its certificate is refused");
    }
  }

  @Test
  void saysWhichFileItCannotOpen() throws Exception {
    try (RegistryStandIn registry =
        RegistryStandIn.behindTls(certificates.server(SERVER, false), SEVEN)) {
      Map<String, Object> settings = trusting(registry);
      settings.put("schema.registry.ssl.truststore.password", "another");
      assertThatThrownBy(() -> register(settings))
          .isInstanceOf(KafkaException.class)
          .hasMessageContaining("trusted.p12")
          .hasMessageNotContaining("another");
    }
  }
}
