package io.tailrace.sink.slack;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
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
          {"channel":"C01234567"} | no_text
          {"channel":"C01234567","text":" "} | no_text
          {"channel":"C01234567","text":"LONG"} | msg_too_long
          {"channel":"C9","text":"t"} | channel_not_found
          {"text":"t"} | channel_not_found
          {"channel":"C01234567","text":"t","thread_ts":"1.2"} | thread_not_found
          {"channel":"C01234567","text":"t","ts":"1700000000.000001"} | invalid_arguments
          {"channel":"C01234567","text":"t","link_names":"yes"} | invalid_arguments
          {"channel":"C01234567","text":"t","unfurl_links":1} | invalid_arguments
          {"channel":"C01234567","text":"t","attachments":MANY} | too_many_attachments
          {"channel":"C01234567","text":"t","attachments":{"text":"a"}} | invalid_array_arg
          {"channel":"C01234567","text":"t","attachments":[{"text":"a"}]} | no_text
          {"channel":"C01234567","text":"t","reply_broadcast":true} | invalid_arguments
          {"channel":"C01234567","text":"t","username":"x"} | invalid_arguments
          {"channel":"C01234567","text":"t","metadata":{"event_type":"a b"}} | invalid_metadata_format
          {"channel":"C01234567","text":"t","metadata":{"event_type":"a"}} | invalid_metadata_format
          {"channel":"C01234567","text":"t","metadata":{"event_type":"a","event_payload":{"a":{"b":{}}}}} | invalid_metadata_format
          [1] | json_not_object
          {"channel" | invalid_json
          """)
  void refusesAMessageThat(String body, String error) {
    String text =
        body.replace("LONG", "x".repeat(40_001)).replace("MANY", "[" + "{},".repeat(100) + "{}]");
    Answer answer = answered(post("/api/chat.postMessage", JSON, text));
    assertThat(answer.status()).isEqualTo(200);
    assertThat(text(answer)).contains("\"ok\":false").contains(error);
    assertThat(slack.messages()).isEmpty();
  }

  @Test
  void refusesOtherMediaTypesStrangersAndUnknownMethods() {
    assertThat(text(answered(post("/api/chat.postMessage", "text/plain", "{}"))))
        .contains("invalid_post_type");
    assertThat(text(answered(post("/api/chat.postMessage", "", "{}"))))
        .contains("missing_post_type");
    String latin = "application/json; charset=iso-8859-1";
    assertThat(text(answered(post("/api/chat.postMessage", latin, "{}"))))
        .contains("invalid_charset");
    Request stranger =
        new Request("POST", "/api/auth.test", "", Map.of(), new byte[0], new byte[0]);
    assertThat(text(answered(stranger))).contains("not_authed");
    assertThat(answered(post("/api/chat.delete", JSON, "{}")).stranger()).isTrue();
  }

  @Test
  void changesByIdOnlyAndOnlyWhatIsThere() {
    String post = "{\"channel\":\"#performance\",\"text\":\"t\"}";
    assertThat(text(answered(post("/api/chat.postMessage", JSON, post))))
        .contains(SlackStub.CHANNEL);
    String ts = slack.messages().get(0).ts;
    String named = "{\"channel\":\"#performance\",\"ts\":\"%s\",\"text\":\"u\"}".formatted(ts);
    assertThat(text(answered(post("/api/chat.update", JSON, named)))).contains("channel_not_found");
    for (String none : List.of("9", "1700000000.000099")) {
      String gone = "{\"channel\":\"C01234567\",\"ts\":\"%s\",\"text\":\"u\"}".formatted(none);
      assertThat(text(answered(post("/api/chat.update", JSON, gone))))
          .contains("message_not_found");
    }
    String unfurled =
        "{\"channel\":\"C01234567\",\"ts\":\"%s\",\"text\":\"u\",\"unfurl_links\":false}"
            .formatted(ts);
    assertThat(text(answered(post("/api/chat.update", JSON, unfurled))))
        .contains("invalid_arguments");
    assertThat(slack.messages().get(0).text()).isEqualTo("t");
  }

  @Test
  void anAnswerToAnAnswerHasNoThread() {
    String post = "{\"channel\":\"C01234567\",\"text\":\"t\"%s}";
    Answer root = answered(post("/api/chat.postMessage", JSON, post.formatted("")));
    assertThat(text(root)).contains("\"ok\":true");
    String reply = ",\"thread_ts\":\"1700000000.00000%d\"";
    assertThat(
            text(answered(post("/api/chat.postMessage", JSON, post.formatted(reply.formatted(1))))))
        .contains("\"ok\":true");
    assertThat(
            text(answered(post("/api/chat.postMessage", JSON, post.formatted(reply.formatted(2))))))
        .contains("thread_not_found");
  }

  @ParameterizedTest
  @CsvSource({
    "conversations.history, channel=C01234567&limit=1000, invalid_limit",
    "conversations.history, channel=C01234567&limit=0, invalid_limit",
    "conversations.history, channel=C01234567&cursor=x, invalid_cursor",
    "conversations.history, channel=C01234567&oldest=now, invalid_ts_oldest",
    "conversations.history, channel=C01234567&latest=1, invalid_ts_latest",
    "conversations.history, channel=%23performance, channel_not_found",
    "conversations.history, limit=10, channel_not_found",
    "conversations.history, channel=C01234567&ts=1, invalid_arguments",
    "conversations.replies, channel=C01234567, thread_not_found",
    "conversations.replies, channel=C01234567&ts=1700000000.000001, thread_not_found",
    "conversations.list, limit=1000, invalid_limit",
    "conversations.list, types=public, invalid_types",
    "conversations.list, channel=C01234567, invalid_arguments",
    "conversations.info, channel=performance, channel_not_found"
  })
  void refusesAQuestionThat(String method, String query, String error) {
    Request question =
        new Request(
            "GET",
            "/api/" + method,
            query,
            Map.of("authorization", "Bearer x"),
            new byte[0],
            new byte[0]);
    assertThat(text(answered(question))).contains("\"ok\":false").contains(error);
  }

  @Test
  void aWebhookRefusesInPlainText() {
    assertThat(text(answered(post("/services/none", JSON, "{}")))).isEqualTo("no_service");
    assertThat(text(answered(post(SlackStub.HOOK, JSON, "{}")))).isEqualTo("no_text");
    assertThat(text(answered(post(SlackStub.HOOK, JSON, "x")))).isEqualTo("invalid_payload");
    slack.archive();
    assertThat(answered(post(SlackStub.HOOK, JSON, "{\"text\":\"t\"}")).status()).isEqualTo(410);
    String post = "{\"channel\":\"C01234567\",\"text\":\"t\"}";
    assertThat(text(answered(post("/api/chat.postMessage", JSON, post)))).contains("is_archived");
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

  private Answer answered(Request request) {
    try {
      return slack.answer(request);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
