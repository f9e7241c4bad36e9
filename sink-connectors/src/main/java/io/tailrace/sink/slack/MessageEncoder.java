package io.tailrace.sink.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Messages as the JSON that webhooks and the Web API take. */
final class MessageEncoder {
  static final String EVENT = "tailrace_message";
  private static final ObjectMapper JSON = new ObjectMapper();

  private MessageEncoder() {}

  static byte[] webhook(Message message) {
    return bytes(content(message));
  }

  static byte[] post(String channel, Message message) {
    ObjectNode root = content(message).put("channel", channel);
    message
        .thread()
        .ifPresent(ts -> root.put("thread_ts", ts).put("reply_broadcast", message.broadcast()));
    metadata(root, message);
    return bytes(root);
  }

  static byte[] update(String channel, String ts, Message message) {
    ObjectNode root = content(message).put("channel", channel).put("ts", ts);
    root.remove("unfurl_links");
    root.remove("unfurl_media");
    metadata(root, message);
    return bytes(root);
  }

  private static ObjectNode content(Message message) {
    ObjectNode root =
        JSON.createObjectNode()
            .put("text", message.text())
            .put("unfurl_links", false)
            .put("unfurl_media", false);
    if (message.linksNames()) {
      root.put("link_names", true);
    }
    ObjectNode bar = root.putArray("attachments").addObject();
    bar.put("color", message.colour().code());
    bar.put("fallback", message.footer()).put("text", message.footer());
    return root;
  }

  /** By this a message is found again whose posting was not answered. */
  private static void metadata(ObjectNode root, Message message) {
    ObjectNode payload =
        root.putObject("metadata").put("event_type", EVENT).putObject("event_payload");
    payload.put("key", message.key());
    if (!message.folds().isEmpty()) {
      payload.put("folds", String.join(" ", message.folds()));
    }
  }

  private static byte[] bytes(ObjectNode root) {
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("texts are always JSON", e);
    }
  }
}
