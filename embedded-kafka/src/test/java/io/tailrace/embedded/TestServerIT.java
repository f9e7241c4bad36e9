package io.tailrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The servers that the tests of the sinks use are there and run on this machine. */
@NeedsServer({
  TestServer.INFLUXDB,
  TestServer.PROMETHEUS,
  TestServer.PROMTOOL,
  TestServer.PUSHGATEWAY
})
class TestServerIT {
  @ParameterizedTest
  @EnumSource(
      mode = EnumSource.Mode.EXCLUDE,
      names = {"NODE", "NPM"})
  void saysItsVersion(TestServer server) throws Exception {
    String argument = server == TestServer.INFLUXDB ? "version" : "--version";
    Process process =
        new ProcessBuilder(server.program().toString(), argument).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(10, TimeUnit.SECONDS)).isTrue();
    assertThat(process.exitValue()).isZero();
    assertThat(output).isNotBlank();
  }
}
