package io.tailrace.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.apache.kafka.common.config.ConfigException;
import org.junit.jupiter.api.Test;

class RegistryConfigTest {
  @Test
  void needsAnAddress() {
    assertThatThrownBy(() -> RegistryConfig.from(Map.of()))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("schema.registry.url");
    assertThatThrownBy(() -> RegistryConfig.from(Map.of("schema.registry.url", "ftp://a")))
        .isInstanceOf(ConfigException.class);
  }

  @Test
  void takesSeveralAddresses() {
    RegistryConfig config =
        RegistryConfig.from(Map.of("schema.registry.url", "http://a:1, https://u:p@b/path/"));
    assertThat(config.endpoints()).hasToString("[http://a:1, https://b/path]");
    assertThat(config.toString()).doesNotContain("u:p");
  }

  @Test
  void knowsItsSourcesOfCredentials() {
    assertThatThrownBy(
            () ->
                RegistryConfig.from(
                    Map.of(
                        "schema.registry.url", "http://a",
                        "basic.auth.credentials.source", "SASL_INHERIT")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("URL or USER_INFO");
    assertThatThrownBy(
            () ->
                RegistryConfig.from(
                    Map.of(
                        "schema.registry.url", "http://a",
                        "basic.auth.credentials.source", "USER_INFO")))
        .isInstanceOf(ConfigException.class)
        .hasMessageContaining("basic.auth.user.info");
  }

  @Test
  void readsItsFlagStrictly() {
    assertThat(RegistrySettings.autoRegister(Map.of())).isTrue();
    assertThat(RegistrySettings.autoRegister(Map.of("auto.register.schemas", false))).isFalse();
    assertThatThrownBy(() -> RegistrySettings.autoRegister(Map.of("auto.register.schemas", "no")))
        .isInstanceOf(ConfigException.class);
  }
}
