package io.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SecretFileTest {
  @TempDir Path folder;

  @Test
  void aSecretComesFromAFileThatOnlyItsOwnerMayRead() throws IOException {
    Path file = write("s3cret\n", "rw-------");
    assertThat(secret(file)).isEqualTo("s3cret");
    assertThat(secret(write("two\nlines\r\n", "r--------"))).isEqualTo("two\nlines");
  }

  @Test
  void aFileThatOthersMayReadIsRefused() throws IOException {
    for (String mode : new String[] {"rw-r--r--", "rw-rw----", "rwx------"}) {
      Path file = write("s3cret", mode);
      assertThatThrownBy(() -> secret(file))
          .hasMessageContaining(mode)
          .hasMessageContaining("0600")
          .hasMessageNotContaining("s3cret");
    }
    assertThatThrownBy(() -> secret(folder.resolve("absent"))).hasMessageContaining("is not there");
    assertThatThrownBy(() -> secret(folder)).hasMessageContaining("is not there");
  }

  @Test
  void redactionKnowsSecretsInTheFormsInWhichTheyTravel() {
    Settings settings =
        Settings.of(
            SettingsSource.ofYaml(
                    "a: \"{{env.DB}}\"\nhook: \"{{env.MY_WEBHOOK}}\"\nhost: \"{{env.HOST}}\"\n")
                .withEnvironment(
                    Map.of(
                        "DB",
                        "pa\"ss wörd",
                        "MY_WEBHOOK",
                        "https://h.example/T0/B1/x9",
                        "HOST",
                        "prod")));
    settings.secret("a").required();
    settings.text("hook").required();
    settings.text("host").required();
    Redaction redaction = settings.redaction();

    assertThat(redaction.clean("x pa\"ss wörd y")).isEqualTo("x *** y");
    assertThat(redaction.clean("p=pa%22ss+w%C3%B6rd&q")).isEqualTo("p=***&q");
    assertThat(redaction.clean("{\"p\":\"pa\\\"ss wörd\"}")).isEqualTo("{\"p\":\"***\"}");
    assertThat(redaction.clean("POST /T0/B1/x9 is 404")).isEqualTo("POST *** is 404");
    assertThat(redaction.clean("on prod")).isEqualTo("on prod");
    assertThat(redaction.toString()).doesNotContain("pa");
  }

  @Test
  void theHostsNameIsKnownAlsoWhereTheShellKeepsItToItself() {
    String name =
        Settings.of(SettingsSource.ofYaml("instance: \"{{env.HOSTNAME}}\""))
            .read(root -> root.text("instance").required());
    assertThat(name).isNotBlank();
  }

  private Path write(String text, String mode) throws IOException {
    Path file = Files.writeString(Files.createTempFile(folder, "secret", ""), text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString(mode));
    return file;
  }

  private static String secret(Path file) {
    return Settings.of(SettingsSource.ofYaml("p: \"{{file:" + file + "}}\""))
        .read(root -> root.secret("p").required())
        .reveal();
  }
}
