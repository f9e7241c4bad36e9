package io.tailrace.sink.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.MissingNode;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.Once;
import java.io.IOException;
import java.time.Clock;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A bot and its token: it knows what it said, changes it and answers to it. */
final class Bot implements Outlet {
  private static final Logger log = LoggerFactory.getLogger(Bot.class);
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String JSON_TYPE = "application/json; charset=utf-8";
  private static final Pattern CHANNEL_ID = Pattern.compile("[CGD][A-Z0-9]{6,}");
  private static final int MOST_PAGES = 20;

  private static final String NO_THREAD = "thread_not_found";
  private static final Set<String> THROTTLED = Set.of("ratelimited", "rate_limited");
  private static final Set<String> BROKEN =
      Set.of("internal_error", "fatal_error", "service_unavailable", "request_timeout");
  private static final Set<String> PASSING = Set.of("message_limit_exceeded", "team_added_to_org");
  private static final Set<String> ABOUT_THE_MESSAGE =
      Set.of(
          "msg_too_long",
          "no_text",
          "invalid_blocks",
          "msg_blocks_too_long",
          "too_many_attachments",
          "invalid_metadata_schema",
          "metadata_too_large",
          NO_THREAD);
  private static final Set<String> CANNOT_CHANGE =
      Set.of("message_not_found", "cant_update_message", "edit_window_closed");

  private final HttpTarget target;
  private final Clock clock;
  private final String channel;

  /** The channel's id, once it is known. */
  private Optional<String> id;

  Bot(HttpTarget target, Clock clock, String channel) {
    this.target = target;
    this.clock = clock;
    this.channel = channel;
    this.id = CHANNEL_ID.matcher(channel).matches() ? Optional.of(channel) : Optional.empty();
  }

  @Override
  public synchronized String post(Message message) throws IOException, InterruptedException {
    try {
      return send(message);
    } catch (SlackRefusal e) {
      if (!isAboutTheThread(e, message)) {
        throw e;
      }
      log.warn("the thread of {} is gone; told in the channel itself", message.footer());
      return send(message.inThread(Optional.empty(), false));
    }
  }

  /** Somebody may have deleted what a message was to answer to. */
  private static boolean isAboutTheThread(SlackRefusal refusal, Message message) {
    return refusal.error().equals(NO_THREAD) && message.thread().isPresent();
  }

  private String send(Message message) throws IOException, InterruptedException {
    JsonNode answer =
        ok(
            target.send(
                HttpCall.post(
                    "/chat.postMessage",
                    JSON_TYPE,
                    MessageEncoder.post(id.orElse(channel), message))));
    String ts = answer.path("ts").asText();
    String posted = answer.path("channel").asText();
    if (ts.isEmpty() || posted.isEmpty()) {
      throw new IOException("Slack says that it posted a message, but not which");
    }
    id = Optional.of(posted);
    return ts;
  }

  @Override
  public synchronized void update(String ts, Message message)
      throws IOException, InterruptedException {
    byte[] body = MessageEncoder.update(channelId(), ts, message);
    try {
      JsonNode unused = ok(target.send(HttpCall.post("/chat.update", JSON_TYPE, body)));
    } catch (SlackRefusal e) {
      if (!CANNOT_CHANGE.contains(e.error())) {
        throw e;
      }
      log.warn("message {} cannot be changed any more: {}", ts, e.error());
    }
  }

  @Override
  public synchronized Once.Found find(Message message) throws IOException, InterruptedException {
    try {
      String method =
          message.thread().isPresent() ? "/conversations.replies" : "/conversations.history";
      String cursor = "";
      for (int page = 0; page < MOST_PAGES; page++) {
        HttpCall call =
            HttpCall.get(method)
                .withQuery("channel", channelId())
                .withQuery("include_all_metadata", "true")
                .withQuery("limit", "200");
        if (message.thread().isPresent()) {
          call = call.withQuery("ts", message.thread().get());
        }
        JsonNode answer =
            ok(target.send(cursor.isEmpty() ? call : call.withQuery("cursor", cursor)));
        for (JsonNode each : answer.path("messages")) {
          JsonNode payload = each.path("metadata").path("event_payload");
          if (payload.path("key").asText().equals(message.key())) {
            return new Once.Found.Done(outcome(each.path("ts").asText(), payload));
          }
        }
        cursor = answer.path("response_metadata").path("next_cursor").asText();
        if (cursor.isEmpty()) {
          return new Once.Found.Absent();
        }
      }
      log.warn("a message was not found among the latest in its channel or thread; posted again");
      return new Once.Found.Unknown(true);
    } catch (SlackRefusal e) {
      if (isAboutTheThread(e, message)) {
        return find(message.inThread(Optional.empty(), false));
      }
      if (e.error().equals("missing_scope")) {
        log.warn("the token may not read the channel; a message may appear twice");
        return new Once.Found.Unknown(true);
      }
      throw e;
    }
  }

  private static String outcome(String ts, JsonNode payload) {
    String folds = payload.path("folds").asText();
    return folds.isEmpty() ? ts : ts + " " + folds;
  }

  @Override
  public boolean isLasting() {
    return true;
  }

  @Override
  public synchronized void check() throws IOException, InterruptedException {
    JsonNode unused =
        ok(target.send(HttpCall.post("/auth.test", JSON_TYPE, new byte[] {'{', '}'})));
    try {
      JsonNode info =
          ok(target.send(HttpCall.get("/conversations.info").withQuery("channel", channelId())));
      if (info.path("channel").path("is_archived").asBoolean()) {
        throw new IOException("the channel " + channel + " is archived");
      }
    } catch (SlackRefusal e) {
      if (!e.error().equals("missing_scope")) {
        throw e;
      }
    }
  }

  /** Posting takes a channel's name; everything else its id. */
  private String channelId() throws IOException, InterruptedException {
    if (id.isPresent()) {
      return id.get();
    }
    String name = channel.startsWith("#") ? channel.substring(1) : channel;
    String cursor = "";
    for (int page = 0; page < MOST_PAGES; page++) {
      HttpCall call =
          HttpCall.get("/conversations.list")
              .withQuery("types", "public_channel,private_channel")
              .withQuery("limit", "999");
      JsonNode answer = ok(target.send(cursor.isEmpty() ? call : call.withQuery("cursor", cursor)));
      for (JsonNode each : answer.path("channels")) {
        if (each.path("name").asText().equals(name)) {
          String found = each.path("id").asText();
          id = Optional.of(found);
          return found;
        }
      }
      cursor = answer.path("response_metadata").path("next_cursor").asText();
      if (cursor.isEmpty()) {
        break;
      }
    }
    String reason = "the bot sees no channel " + channel + "; invite it";
    throw new SlackRefusal(new Delivery.Misconfigured(reason), "channel_not_found", true, reason);
  }

  /** Slack says in the body whether it did something; its status is 200 all the same. */
  private JsonNode ok(HttpAnswer answer) throws IOException {
    if (!answer.isSuccess()) {
      Delivery delivery = answer.delivery(clock.instant());
      throw new SlackRefusal(delivery, "", answer.status() < 500, answer.brief());
    }
    JsonNode body = tree(answer);
    if (!body.has("ok")) {
      throw new IOException("Slack's answer is none of its own: " + answer.brief());
    }
    if (body.path("ok").asBoolean()) {
      return body;
    }
    String error = body.path("error").asText();
    String reason = "Slack says " + SlackText.cut(error, 200);
    throw new SlackRefusal(delivery(answer, error, reason), error, !BROKEN.contains(error), reason);
  }

  private Delivery delivery(HttpAnswer answer, String error, String reason) {
    if (THROTTLED.contains(error) || BROKEN.contains(error) || PASSING.contains(error)) {
      return new Delivery.Retry(reason, answer.retryAfter(clock.instant()));
    }
    return ABOUT_THE_MESSAGE.contains(error)
        ? new Delivery.Rejected(reason)
        : new Delivery.Misconfigured(reason);
  }

  private static JsonNode tree(HttpAnswer answer) {
    try {
      JsonNode tree = JSON.readTree(answer.text());
      return tree == null ? MissingNode.getInstance() : tree;
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }
}
