package io.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NearestTest {
  private static final List<String> OPTIONS =
      List.of("--bootstrap-server", "--schema-registry", "--config", "--set", "--help", "--prefix");

  @ParameterizedTest
  @CsvSource({
    "--bootstrap-sevrer, --bootstrap-server",
    "--bootstrap, --bootstrap-server",
    "--bootsrap, --bootstrap-server",
    "--server, --bootstrap-server",
    "--registry, --schema-registry",
    "--regsitry, --schema-registry",
    "--schema_registry, --schema-registry",
    "--conf, --config",
    "--hepl, --help",
    "--sett, --set"
  })
  void findsWhatWasMeant(String written, String meant) {
    assertThat(Nearest.to(written, OPTIONS)).contains(meant);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--xyzzy", "--verbose", "--reservation", "-e"})
  void makesNothingUpForWhatIsLikeNone(String written) {
    assertThat(Nearest.to(written, OPTIONS)).isEmpty();
  }
}
