package io.tailrace.up;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import org.junit.jupiter.api.Test;

class UpConfigTest {
  private static final String SINK = "outputs: {results: {folder: results}}\n";

  private static UpConfig read(String yaml) {
    return Settings.of(SettingsSource.ofYaml(yaml)).read(UpConfig::from);
  }

  @Test
  void runsWhatThePipelineLacks() {
    assertThat(read("").parts())
        .containsExactlyInAnyOrder(Part.KAFKA, Part.REGISTRY, Part.AGGREGATOR);
    assertThat(read(SINK).parts())
        .containsExactlyInAnyOrder(Part.KAFKA, Part.REGISTRY, Part.AGGREGATOR, Part.SINKS);
    assertThat(read(SINK + "kafka: {bootstrap.servers: 'kafka:9092'}").parts())
        .containsExactlyInAnyOrder(Part.REGISTRY, Part.AGGREGATOR, Part.SINKS);
  }

  @Test
  void onePortIsTheAggregatorsAndTheNextTheSinks() {
    UpConfig config = read(SINK + "service: {host: 0.0.0.0, port: 9400}");
    assertThat(config.aggregator().endpoint().port()).isEqualTo(9400);
    assertThat(config.sinksEndpoint().port()).isEqualTo(9401);
    assertThat(config.sinksEndpoint().host()).isEqualTo("0.0.0.0");
    assertThat(read(SINK + "service: {port: 9400}\nup: {sinks_port: 7}").sinksEndpoint().port())
        .isEqualTo(7);
    assertThat(read(SINK).sinksEndpoint().port()).isZero();
  }

  @Test
  void refusesSinksWhereNoneIsEnabled() {
    assertThatThrownBy(
            () ->
                read(
                    """
                    up: {services: [kafka, sinks]}
                    outputs: {results: {enabled: false}}
                    """))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("up.services")
        .hasMessageContaining("enabled below outputs:");
  }

  @Test
  void reportsTheFaultsOfSinksWithItsOwn() {
    assertThatThrownBy(
            () -> read("up: {kafka_port: 70000}\noutputs: {results: {folders: x}, influx: {}}"))
        .isInstanceOfSatisfying(
            SettingsException.class,
            e ->
                assertThat(e.faults())
                    .extracting(fault -> fault.key())
                    .contains("up.kafka_port", "outputs.results.folders", "outputs.influx"));
  }

  @Test
  void leavesSinksAloneThatRunElsewhere() {
    UpConfig config = read("up: {services: [kafka]}\noutputs: {results: {folder: results}}");
    assertThat(config.parts()).containsExactly(Part.KAFKA);
  }
}
