package io.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class KafkaConnectionTest {
  private static KafkaConnection read(SettingsSource source) {
    return Settings.of(source).read(KafkaConnection::from);
  }

  @Test
  void passesPropertiesThroughHoweverTheyAreNested() {
    KafkaConnection kafka =
        read(
            SettingsSource.ofYaml(
                    """
                    kafka:
                      bootstrap.servers: [one:9092, two:9092]
                      sasl:
                        mechanism: PLAIN
                        jaas.config: "{{env.JAAS}}"
                      reporter.of.our.own: yes
                    """)
                .withEnvironment(
                    Map.of("JAAS", "user=\"x\"", "TAILRACE_KAFKA_SECURITY_PROTOCOL", "SASL_SSL")));

    assertThat(kafka.clientProperties())
        .isEqualTo(
            Map.of(
                "bootstrap.servers", "one:9092,two:9092",
                "sasl.mechanism", "PLAIN",
                "sasl.jaas.config", "user=\"x\"",
                "reporter.of.our.own", "yes",
                "security.protocol", "SASL_SSL"));
    assertThat(kafka).hasToString("KafkaConnection[one:9092,two:9092]");
  }

  @Test
  void aFlagWinsOverTheEnvironmentAndTheFile() {
    SettingsSource source =
        SettingsSource.ofYaml("kafka: {bootstrap.servers: 'file:1'}")
            .withEnvironment(Map.of("TAILRACE_KAFKA_BOOTSTRAP_SERVERS", "env:1"));

    assertThat(read(source).bootstrapServers()).contains("env:1");
    assertThat(read(source.withFlag("kafka.bootstrap.servers", "flag:1")).bootstrapServers())
        .contains("flag:1");
    assertThat(read(SettingsSource.of(Map.of())).bootstrapServers()).isEmpty();
  }

  @Test
  void refusesANameThatIsNearlyAKnownOne() {
    assertThatThrownBy(() -> read(SettingsSource.ofYaml("kafka: {bootstrap_servers: 'a:1'}")))
        .hasMessage(
            "configuration:1: kafka.bootstrap_servers: unknown key; did you mean"
                + " bootstrap.servers?");
  }

  @Test
  void refusesAPasswordInPlainText() {
    assertThatThrownBy(() -> read(SettingsSource.ofYaml("kafka:\n  ssl.key.password: hunter2")))
        .hasMessageContaining("configuration:2: kafka.ssl.key.password: a secret stands here")
        .message()
        .doesNotContain("hunter2");
  }
}
