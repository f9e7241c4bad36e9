package io.tailrace.config;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SettingsTest {
  private enum Mode {
    FAST,
    VERY_SAFE
  }

  private record Example(
      URI url, int batchSize, Duration flush, Mode mode, Secret password, List<String> hosts) {
    static Example from(Settings block) {
      return new Example(
          block.url("url").required(),
          block.integer("batch_size").between(1, 1000).or(100),
          block
              .duration("flush_interval")
              .between(Duration.ZERO, Duration.ofHours(1))
              .or(Duration.ofSeconds(10)),
          block.choice("mode", Mode.class).or(Mode.FAST),
          block.secret("password").or(Secret.of("")),
          block.texts("hosts").or(List.of()));
    }
  }

  private static Example example(SettingsSource source) {
    return Settings.of(source).read(root -> Example.from(root.block("example")));
  }

  private static List<String> faults(String yaml, Function<Settings, ?> reader) {
    return faults(SettingsSource.ofYaml(yaml), reader);
  }

  private static List<String> faults(SettingsSource source, Function<Settings, ?> reader) {
    SettingsException refused =
        catchThrowableOfType(SettingsException.class, () -> Settings.of(source).read(reader));
    assertThat(refused).isNotNull();
    return refused.faults().stream().map(Fault::toString).toList();
  }

  @Test
  void readsABlockIntoARecord() {
    Example example =
        example(
            SettingsSource.ofYaml(
                    """
                    example:
                      url: http://influxdb:8086
                      batch_size: 50
                      flush_interval: 1m30s
                      mode: very-safe
                      password: "{{env.PASSWORD}}"
                      hosts: [one, two]
                    """)
                .withEnvironment(Map.of("PASSWORD", "hunter2")));

    assertThat(example)
        .isEqualTo(
            new Example(
                URI.create("http://influxdb:8086"),
                50,
                Duration.ofSeconds(90),
                Mode.VERY_SAFE,
                Secret.of("hunter2"),
                List.of("one", "two")));
  }

  @Test
  void reportsAllFaultsTogetherWithFileLineKeyValueAndExpectation() {
    assertThat(
            faults(
                """
                example:
                  batch_size: ten
                  flush_interval: 2h
                  mode: slow
                  batchsize: 3
                """,
                root -> Example.from(root.block("example"))))
        .containsExactlyInAnyOrder(
            "configuration:1: example.url: missing; expected an address such as http://host:8086"
                + " (a user belongs in its own keys)",
            "configuration:2: example.batch_size: \"ten\" given; expected a whole number",
            "configuration:3: example.flush_interval: \"2h\" given; expected between 0s and 1h",
            "configuration:4: example.mode: \"slow\" given; expected one of fast, very-safe",
            "configuration:5: example.batchsize: unknown key; did you mean batch_size?");
  }

  @Test
  void flagsWinOverTheEnvironmentWhichWinsOverTheFile() {
    SettingsSource file =
        SettingsSource.ofYaml("example: {url: 'http://file', batch_size: 1, mode: fast}");
    SettingsSource environment =
        file.withEnvironment(
            Map.of("TAILRACE_EXAMPLE_URL", "http://env", "TAILRACE_EXAMPLE_BATCH_SIZE", "2"));
    SettingsSource flags = environment.withFlag("example.url", "http://flag");

    assertThat(example(flags).url()).hasHost("flag");
    assertThat(example(flags).batchSize()).isEqualTo(2);
    assertThat(example(environment).url()).hasHost("env");
    assertThat(example(file).batchSize()).isEqualTo(1);
    assertThat(example(file).flush()).isEqualTo(Duration.ofSeconds(10));
  }

  @Test
  void namesTheVariableThatGaveABadValue() {
    SettingsSource source =
        SettingsSource.ofYaml("example: {url: 'http://file'}")
            .withEnvironment(Map.of("TAILRACE_EXAMPLE_BATCH_SIZE", "many"));

    assertThat(faults(source, root -> Example.from(root.block("example"))))
        .containsExactly(
            "environment TAILRACE_EXAMPLE_BATCH_SIZE: example.batch_size: \"many\" given; expected"
                + " a whole number");
  }

  @Test
  void refusesUnknownFlagsAndVariablesOfABlockThatIsRead() {
    SettingsSource source =
        SettingsSource.ofYaml("example: {url: 'http://file'}")
            .withFlag("example.batch_sice", "3")
            .withFlag("exmaple.url", "http://flag")
            .withFlag("elsewhere.url", "http://flag")
            .withEnvironment(Map.of("TAILRACE_EXAMPLE_FLUSH_INTERVALL", "1s", "TAILRACE_X", "1"));

    assertThat(faults(source, root -> Example.from(root.block("example"))))
        .containsExactlyInAnyOrder(
            "flag: example.batch_sice: unknown key; did you mean batch_size?",
            "flag: exmaple.url: unknown key; did you mean example.url?",
            "flag: elsewhere.url: unknown key; known here: example",
            "environment TAILRACE_EXAMPLE_FLUSH_INTERVALL: example.flush_intervall: unknown key;"
                + " did you mean flush_interval?");
  }

  @Test
  void namesTheKeysThatOnlyFlagsGiveAfterThoseOfTheFile() {
    SettingsSource source =
        SettingsSource.ofYaml("example: {url: 'http://file'}")
            .withFlag("example.mode", "fast")
            .withFlag("example.deep.key", "1");

    assertThat(Settings.of(source).block("example").keys()).containsExactly("url", "mode", "deep");
  }

  @Test
  void readsABlockThatOnlyTheEnvironmentGives() {
    SettingsSource source =
        SettingsSource.of(
            Map.of("TAILRACE_EXAMPLE_URL", "http://env", "TAILRACE_EXAMPLE_HOSTS", "a, b"));

    assertThat(Settings.of(source).optionalBlock("example")).isPresent();
    assertThat(example(source).hosts()).containsExactly("a", "b");
  }

  @Test
  void refusesDuplicateKeysTagsAndRecursiveAliases() {
    assertThat(faults("a: 1\nb: 2\na: 3", root -> ""))
        .containsExactly("configuration:3: a: given twice; the first is on line 1");
    assertThat(faults("a: !custom {}", root -> ""))
        .singleElement()
        .asString()
        .contains("tags are not supported");
    assertThat(faults("a: &x\n  b: *x", root -> ""))
        .singleElement()
        .asString()
        .contains("an alias refers to a block that contains it");
  }

  @Test
  void constructsNothingFromAGlobalTag() {
    assertThatThrownBy(
            () -> Settings.of(SettingsSource.ofYaml("a: !!javax.script.ScriptEngineManager []")))
        .hasMessageContaining("Global tag is not allowed");
  }

  @Test
  void refusesAliasesThatGrowASmallFileIntoALargeTree() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 12; i++) {
      String alias = "*a" + (i - 1);
      bomb.append(
          "a%d: &a%d [%s]%n"
              .formatted(
                  i,
                  i,
                  String.join(
                      ", ",
                      List.of(alias, alias, alias, alias, alias, alias, alias, alias, alias))));
    }

    assertThat(faults(bomb.toString(), root -> root.tree("a11").orElse("")))
        .anyMatch(fault -> fault.contains("aliases make more than 100000 values"));
  }

  @Test
  void mergesBlocksThatShareDefaults() {
    Example example =
        example(
            SettingsSource.ofYaml(
                """
                x-defaults: &defaults {batch_size: 7, url: 'http://defaults'}
                example:
                  <<: *defaults
                  url: http://own
                """));

    assertThat(example.batchSize()).isEqualTo(7);
    assertThat(example.url()).hasHost("own");
  }

  @Test
  void keepsTemplatesAndReplacesEnvironmentReferencesElsewhere() {
    SettingsSource source =
        SettingsSource.ofYaml(
                """
                index: "perf-{{date.YYYY.MM}}"
                name: "{{env.HOST}}-{{ env.REGION }}"
                message: "{{test_name}} on {{env.HOST}}"
                """)
            .withEnvironment(Map.of("HOST", "node: $1", "REGION", "eu"));

    List<String> read =
        Settings.of(source)
            .read(
                root ->
                    List.of(
                        root.template("index").required(),
                        root.text("name").required(),
                        root.template("message").required()));

    assertThat(read)
        .containsExactly("perf-{{date.YYYY.MM}}", "node: $1-eu", "{{test_name}} on {{env.HOST}}");
  }

  @Test
  void namesTheVariableThatIsNotSet() {
    assertThat(faults("name: '{{env.NOWHERE}}'", root -> root.text("name").required()))
        .containsExactly("configuration:1: name: environment variable NOWHERE is not set");
  }

  @Test
  void refusesASecretInPlainTextUnlessAllowedAndNeverShowsIt() {
    SettingsSource source = SettingsSource.ofYaml("password: hunter2");

    assertThat(faults(source, root -> root.secret("password").required()))
        .singleElement()
        .asString()
        .contains("password: a secret stands here in plain text")
        .doesNotContain("hunter2");
    Secret allowed =
        Settings.of(source.allowingLiteralSecrets(true))
            .read(root -> root.secret("password").required());
    assertThat(allowed.reveal()).isEqualTo("hunter2");
    assertThat(allowed).hasToString("***");
  }

  @Test
  void hidesTheUserOfAnAddressItRefuses() {
    assertThat(faults("url: http://root:hunter2@host", root -> root.url("url").required()))
        .singleElement()
        .asString()
        .contains("http://***@host")
        .doesNotContain("hunter2");
  }

  @Test
  void saysWhereTheDocumentIsNotYaml() {
    assertThatThrownBy(() -> Settings.of(SettingsSource.ofYaml("a: 1\nb: [1, 2\nc: 3")))
        .isInstanceOf(SettingsException.class)
        .hasMessageStartingWith("configuration:3: not YAML: ");
    assertThatThrownBy(() -> Settings.of(SettingsSource.ofYaml("a: {{env.HOME}}")))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("put {{...}} values in quotes");
  }

  @Test
  void refusesAFileThatIsTooLargeMissingOrNotText(@TempDir Path folder) throws Exception {
    Path large = Files.write(folder.resolve("large.yaml"), new byte[(1 << 20) + 1]);
    Path binary = Files.write(folder.resolve("binary.yaml"), new byte[] {(byte) 0xff, 'a'});

    assertThatThrownBy(() -> SettingsSource.ofFile(large, Map.of()))
        .hasMessageContaining("large.yaml: is larger than 1048576 bytes");
    assertThatThrownBy(() -> SettingsSource.ofFile(binary, Map.of()))
        .hasMessageContaining("is not UTF-8 text");
    assertThatThrownBy(() -> SettingsSource.ofFile(folder.resolve("none.yaml"), Map.of()))
        .hasMessageContaining("does not exist");
    assertThatThrownBy(() -> SettingsSource.ofFile(folder, Map.of()))
        .hasMessageContaining("is a directory");
  }

  @Test
  void resolvesPathsFromTheFilesFolder(@TempDir Path folder) throws Exception {
    Path file = Files.writeString(folder.resolve("t.yaml"), "template: ./email.html");

    Path read =
        Settings.of(SettingsSource.ofFile(file, Map.of()))
            .read(root -> root.path("template").required());

    assertThat(read.normalize()).isEqualTo(folder.resolve("email.html"));
  }

  @Test
  void notesKeysThatCannotApply() {
    Settings root = Settings.of(SettingsSource.ofYaml("channel: '#performance'"));
    root.cannotApply("channel", "a webhook is bound to its channel");

    assertThat(root.notes())
        .containsExactly(
            "configuration:1: channel has no effect: a webhook is bound to its channel");
  }

  @Test
  void readsListsOfBlocksAndNamedBlocks() {
    Settings root =
        Settings.of(
            SettingsSource.ofYaml(
                """
                webhooks:
                  - name: one
                  - name: two
                outputs:
                  influxdb: {url: 'http://i'}
                  slack: {url: 'http://s'}
                """));

    List<String> names =
        root.read(
            r -> {
              assertThat(r.block("outputs").namedBlocks()).containsOnlyKeys("influxdb", "slack");
              r.block("outputs").namedBlocks().values().forEach(b -> b.url("url").required());
              return r.blocks("webhooks").stream().map(b -> b.text("name").required()).toList();
            });

    assertThat(names).containsExactly("one", "two");
  }

  @Test
  void readsAnyTreeAsPlainValues() {
    Settings root =
        Settings.of(SettingsSource.ofYaml("payload: {a: 1, b: [1.5, true, '{{x}}'], c: null}"));

    assertThat(root.tree("payload").orElseThrow().toString())
        .isEqualTo("{a=1, b=[1.5, true, {{x}}], c=null}");
  }
}
