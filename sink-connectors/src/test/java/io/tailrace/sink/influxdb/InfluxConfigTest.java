package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import io.tailrace.sink.influxdb.InfluxConfig.Place;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class InfluxConfigTest {
  private static final String ONE =
      """
      url: "http://influxdb:8086"
      database: "performance_metrics"
      username: "{{env.INFLUXDB_USER}}"
      password: "{{env.INFLUXDB_PASSWORD}}"
      measurement: "perfornium_metrics"
      tags:
        test_name: "{{test_name}}"
        environment: "{{env.ENVIRONMENT}}"
        version: "{{env.APP_VERSION}}"
      retention_policy: "30d"
      """;

  @Test
  void readsTheBlockThatUsersWrite() {
    InfluxConfig config = read(ONE);

    assertThat(config.place())
        .isInstanceOfSatisfying(
            Place.Database.class,
            database -> {
              assertThat(database.name()).isEqualTo("performance_metrics");
              assertThat(database.retentionPolicy()).contains("30d");
              assertThat(database.user()).contains("me");
              assertThat(database.password().reveal()).isEqualTo("secret");
            });
    assertThat(config.tags()).containsOnlyKeys("test_name", "environment", "version");
    assertThat(config.events()).isTrue();
    assertThat(config.toString()).doesNotContain("secret");
  }

  @Test
  void hasTagsOfItsOwnWhereNoneAreGiven() {
    InfluxConfig config =
        read("url: http://i:8086\norg: acme\nbucket: b\ntoken: \"{{env.TOKEN}}\"");

    assertThat(config.place()).isInstanceOf(Place.Bucket.class);
    assertThat(config.tags()).containsOnlyKeys("test_name", "environment", "version");
    assertThat(read(ONE.replaceAll("(?s)tags:.*", "tags: {}\n")).tags()).isEmpty();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "url|url",
        "database|InfluxDB 2",
        "username|username and password",
        "password|username and password"
      })
  void saysWhatIsMissing(String key, String said) {
    assertThatThrownBy(() -> read(ONE.replaceAll("(?m)^" + key + ":.*\n", "")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(said);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "database: x|databse: x|did you mean database",
        "url: \"http://influxdb:8086\"|url: influxdb:8086|url",
        "url: \"http://influxdb:8086\"|url: \"http://me:pw@influxdb:8086\"|url",
        "test_name: \"|run_id: \"|every point has this tag",
        "test_name: \"|time: \"|choose another",
        "test_name: \"|tag_region: \"|choose another",
        "{{test_name}}|{{test_nam}}|test_name",
        "retention_policy: \"30d\"|bucket: x|one of them",
        "retention_policy: \"30d\"|org: x|does not go together with database",
        "database: \"performance_metrics\"|database: \"a\\nb\"|control characters",
        "database: \"performance_metrics\"|database: [a]|database",
        "measurement: \"perfornium_metrics\"|measurement: {a: b}|measurement",
        "tags:|tags: x|tags",
        "retention_policy: \"30d\"|events: perhaps|true or false"
      })
  void refusesWhatCannotBeMeant(String written, String instead, String said) {
    String block =
        written.equals("database: x")
            ? ONE.replace("database:", "databse:")
            : written.equals("tags:")
                ? ONE.replaceAll("(?s)tags:.*", "tags: x\n")
                : ONE.replace(written, instead);
    assertThatThrownBy(() -> read(block))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining(said);
  }

  private static InfluxConfig read(String yaml) {
    Map<String, String> environment =
        Map.of(
            "INFLUXDB_USER", "me",
            "INFLUXDB_PASSWORD", "secret",
            "ENVIRONMENT", "staging",
            "APP_VERSION", "1.2.3",
            "TOKEN", "t0ken");
    return Settings.of(SettingsSource.ofYaml(yaml).withEnvironment(environment))
        .read(block -> InfluxConfig.OPTIONS.read(block, InfluxConfig::from));
  }
}
