package io.tailrace.sink.slack;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Settings;
import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import io.tailrace.sink.core.Feed;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class SlackTextTest {
  @ParameterizedTest
  @CsvSource(
      delimiterString = "->",
      textBlock =
          """
          <!channel>                -> &lt;!channel&gt;
          a & b                     -> a &amp; b
          https://r.example/a?b=1&c -> https://r.example/a?b=1&amp;c
          https://r.example/a|b     -> https://r.example/a%7Cb
          https://r.example/>x      -> https://r.example/&gt;x
          """)
  void makesValuesHarmless(String value, String escaped) {
    assertThat(SlackText.escape(value)).isEqualTo(escaped);
  }

  @Test
  void keepsNamesFromBeingLinked() {
    assertThat(SlackText.escape("@channel\r\n@on-call")).isEqualTo("@\u2060channel @\u2060on-call");
    assertThat(SlackText.escape("x".repeat(10_000))).hasSize(1_000).endsWith("...");
  }

  @ParameterizedTest
  @CsvSource({
    "@performance-team, @performance-team",
    "on-call, @on-call",
    "U012ABCDE, <@U012ABCDE>",
    "@S012ABCDE, <!subteam^S012ABCDE>",
    "@here, <!here>",
    "channel, <!channel>",
    "<!subteam^S1|x>, <!subteam^S1|x>"
  })
  void mentionsAsSlackDoes(String configured, String mention) {
    assertThat(SlackText.mention(configured)).isEqualTo(mention);
  }

  @Test
  void writesWhatSlackShows() {
    assertThat(SlackText.message("\n**Test:** a\r\n<|View> <https://x|y>\u0007\n"))
        .isEqualTo("*Test:* a\nView <https://x|y>");
    assertThat(SlackText.message("x".repeat(9_000))).hasSize(4_000);
  }

  @Test
  void encodesAnAnswerInAThread() {
    Message message =
        new Message("violation/1", "bad \"news\"", Colour.RED, "run r1")
            .withMentions(List.of("here"))
            .inThread(Optional.of("1.2"), true);
    assertThat(new String(MessageEncoder.post("C1", message), StandardCharsets.UTF_8))
        .isEqualTo(
            "{\"text\":\"bad \\\"news\\\"\\n<!here>\",\"unfurl_links\":false,"
                + "\"unfurl_media\":false,\"link_names\":true,\"attachments\":[{\"color\":"
                + "\"#E01E5A\",\"fallback\":\"run r1\",\"text\":\"run r1\"}],\"channel\":\"C1\","
                + "\"thread_ts\":\"1.2\",\"reply_broadcast\":true,\"metadata\":{\"event_type\":"
                + "\"tailrace_message\",\"event_payload\":{\"key\":\"violation/1\"}}}");
  }

  @Test
  void reportsWhatIsMissing() {
    assertThatThrownBy(() -> read("thread_replies: true"))
        .isInstanceOf(SettingsException.class)
        .hasMessageContaining("webhook")
        .hasMessageContaining("bot_token");
    assertThatThrownBy(() -> read("bot_token: t")).hasMessageContaining("channel");
    assertThatThrownBy(() -> read("webhook: \"not an address canary\""))
        .hasMessageContaining("hooks.slack.com")
        .hasMessageNotContaining("canary");
  }

  @Test
  void readsWindowsOnlyToDrawThem() {
    SlackSinkProvider provider = new SlackSinkProvider();
    assertThat(provider.feeds(settings("sparkline: false"))).doesNotContain(Feed.AGGREGATES);
    assertThat(provider.feeds(settings("channel: x"))).contains(Feed.AGGREGATES);
  }

  private static SlackConfig read(String yaml) {
    return settings(yaml)
        .read(block -> new SlackSinkProvider().options().read(block, SlackConfig::from));
  }

  private static Settings settings(String yaml) {
    return Settings.of(SettingsSource.ofYaml(yaml).allowingLiteralSecrets(true));
  }
}
