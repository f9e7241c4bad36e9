package io.tailrace.sink.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each constraint of the published methods, tripped. */
class SlackStubTest {
  private static final String JSON = "application/json; charset=utf-8";
  private final SlackStub slack = new SlackStub();

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {"channel":"C0123456"} | no_text
          {"channel":"C0123456","text":" "} | no_text
          {"channel":"C0123456","text":"LONG"} | msg_too_long
          {"channel":"C9","text":"t"} | channel_not_found
          {"channel":"C0123456","text":"t","thread_ts":"1.2"} | thread_not_found
          {"channel":"C0123456","text":"t","reply_broadcast":true} | invalid_arguments
          {"channel":"C0123456","text":"t","username":"x"} | invalid_arguments
          {"channel":"C0123456","text":"t","metadata":{"event_type":"a b"}} | invalid_metadata_format
          [1] | invalid_json
          """)
  void refusesAMessageThat(String body, String error) {
    String text = body.replace("LONG", "x".repeat(40_001));
    Answer answer = slack.answer(post("/api/chat.postMessage", JSON, text));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer)).contains("\"ok\":false").contains(error);
    assertThat(slack.messages()).isEmpty();
  }

  @Test
  void refusesOtherMediaTypesStrangersAndUnknownMethods() {
    assertThat(text(slack.answer(post("/api/chat.postMessage", "text/plain", "{}"))))
        .contains("invalid_post_type");
    Request stranger =
        new Request("POST", "/api/auth.test", "", Map.of(), new byte[0], new byte[0]);
    assertThat(text(slack.answer(stranger))).contains("not_authed");
    assertThat(slack.answer(post("/api/chat.delete", JSON, "{}")).stranger()).isTrue();
  }

  @Test
  void changesByIdOnlyAndOnlyWhatIsThere() {
    String post = "{\"channel\":\"#performance\",\"text\":\"t\"}";
    assertThat(text(slack.answer(post("/api/chat.postMessage", JSON, post))))
        .contains(SlackStub.CHANNEL);
    String ts = slack.messages().get(0).ts;
    String named = "{\"channel\":\"#performance\",\"ts\":\"%s\",\"text\":\"u\"}".formatted(ts);
    assertThat(text(slack.answer(post("/api/chat.update", JSON, named))))
        .contains("channel_not_found");
    String gone = "{\"channel\":\"C0123456\",\"ts\":\"9\",\"text\":\"u\"}";
    assertThat(text(slack.answer(post("/api/chat.update", JSON, gone))))
        .contains("message_not_found");
  }

  @Test
  void aWebhookRefusesInPlainText() {
    assertThat(text(slack.answer(post("/services/none", JSON, "{}")))).isEqualTo("no_service");
    assertThat(text(slack.answer(post(SlackStub.HOOK, JSON, "{}")))).isEqualTo("no_text");
    assertThat(text(slack.answer(post(SlackStub.HOOK, JSON, "x")))).isEqualTo("invalid_payload");
    slack.archive();
    assertThat(slack.answer(post(SlackStub.HOOK, JSON, "{\"text\":\"t\"}")).status())
        .isEqualTo(410);
    String post = "{\"channel\":\"C0123456\",\"text\":\"t\"}";
    assertThat(text(slack.answer(post("/api/chat.postMessage", JSON, post))))
        .contains("is_archived");
  }

  private static Request post(String path, String type, String body) {
    return new Request(
        "POST",
        path,
        "",
        Map.of("authorization", "Bearer x", "content-type", type),
        body.getBytes(StandardCharsets.UTF_8),
        new byte[0]);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
