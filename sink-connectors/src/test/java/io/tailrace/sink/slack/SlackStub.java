package io.tailrace.sink.slack;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.io.IOException;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * A Slack with one channel that keeps messages and threads, and holds requests to the constraints
 * of the published method descriptions. What it was not taught it answers with unknown_method.
 */
final class SlackStub {
  static final String CHANNEL = "C01234567";
  static final String HOOK = "/services/T1/B1/canary";
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST = 40_000;
  private static final int LARGEST_PAGE = 999;
  private static final Pattern PING =
      Pattern.compile("<(!(channel|here|everyone)|[@][UW]|!subteam)");
  private static final Pattern NAMED = Pattern.compile("@[A-Za-z]");
  private static final Pattern TIMESTAMP = Pattern.compile("\\d{10}\\.\\d{6}");
  private static final Pattern CHANNEL_TYPES =
      Pattern.compile("((public_channel|private_channel|mpim|im)(,(?!$)|$))+");
  private static final Set<String> FLAGS =
      Set.of("unfurl_links", "unfurl_media", "link_names", "reply_broadcast");

  /** The arguments of each method, of those that a sink has a use for. */
  private static final Map<String, Set<String>> ARGUMENTS =
      Map.of(
          "chat.postMessage",
          Set.of(
              "channel",
              "text",
              "attachments",
              "unfurl_links",
              "unfurl_media",
              "link_names",
              "thread_ts",
              "reply_broadcast",
              "metadata"),
          "chat.update",
          Set.of("channel", "ts", "text", "attachments", "link_names", "metadata"),
          "auth.test",
          Set.of(),
          "conversations.info",
          Set.of("channel", "include_locale", "include_num_members"),
          "conversations.list",
          Set.of("cursor", "exclude_archived", "limit", "team_id", "types"),
          "conversations.history",
          Set.of(
              "channel",
              "cursor",
              "include_all_metadata",
              "inclusive",
              "latest",
              "limit",
              "oldest"),
          "conversations.replies",
          Set.of(
              "channel",
              "cursor",
              "include_all_metadata",
              "inclusive",
              "latest",
              "limit",
              "oldest",
              "ts"));

  /** A message as it stands. */
  static final class Posted {
    final String ts;
    final String thread;
    final boolean broadcast;
    JsonNode body;
    int updates;

    Posted(String ts, String thread, boolean broadcast, JsonNode body) {
      this.ts = ts;
      this.thread = thread;
      this.broadcast = broadcast;
      this.body = body;
    }

    String text() {
      return body.path("text").asText();
    }

    String colour() {
      return body.path("attachments").path(0).path("color").asText();
    }

    String footer() {
      return body.path("attachments").path(0).path("text").asText();
    }

    /** Whether somebody's phone rings. */
    boolean pings() {
      return PING.matcher(text()).find()
          || PING.matcher(footer()).find()
          || (body.path("link_names").asBoolean() && NAMED.matcher(text()).find());
    }
  }

  private final List<Posted> messages = new ArrayList<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile String always = "";
  private volatile boolean archived;
  private volatile int page = 20;
  private int updatesUntilLoss;
  private int posted;

  synchronized List<Posted> messages() {
    return List.copyOf(messages);
  }

  synchronized List<Posted> roots() {
    return messages.stream().filter(each -> each.thread.isEmpty()).toList();
  }

  synchronized List<Posted> replies() {
    return messages.stream().filter(each -> !each.thread.isEmpty()).toList();
  }

  void refuse(String text) {
    refused.add(text);
  }

  synchronized void delete(Posted message) {
    messages.remove(message);
  }

  /** Every method answers this error. */
  void failWith(String error) {
    always = error;
  }

  void archive() {
    archived = true;
  }

  /** Pages hold so many messages, whatever is asked for: fewer may always be returned. */
  void pagesOf(int messages) {
    page = messages;
  }

  static boolean changes(Request request) {
    return request.path().contains("/chat.") || request.path().startsWith("/services/");
  }

  /** The answer to that update from now on, counted from 1, is lost after it was done. */
  synchronized void loseUpdate(int number) {
    updatesUntilLoss = number;
  }

  synchronized Answer answer(Request request) throws IOException {
    if (request.path().startsWith("/services/")) {
      return hook(request);
    }
    if (!request.header("authorization").startsWith("Bearer ")) {
      return error("not_authed");
    }
    if (!always.isEmpty()) {
      return error(always);
    }
    Optional<String> misuse = misuse(request);
    if (misuse.isPresent()) {
      return error(misuse.get());
    }
    return switch (request.method() + " " + request.path()) {
      case "POST /api/auth.test" -> Answer.json(200, "{\"ok\":true,\"user_id\":\"U1\"}");
      case "POST /api/chat.postMessage" -> post(request);
      case "POST /api/chat.update" -> update(request);
      case "GET /api/conversations.info" -> info(query(request));
      case "GET /api/conversations.list" ->
          Answer.json(
              200,
              "{\"ok\":true,\"channels\":[{\"id\":\"%s\",\"name\":\"performance\"}]}"
                  .formatted(CHANNEL));
      case "GET /api/conversations.history" ->
          list(query(request), each -> each.thread.isEmpty() || each.broadcast);
      case "GET /api/conversations.replies" -> replies(query(request));
      default -> Answer.untaught(200, "{\"ok\":false,\"error\":\"unknown_method\"}");
    };
  }

  /** What holds for all methods: their arguments, and the shape these come in. */
  private static Optional<String> misuse(Request request) {
    Set<String> known = ARGUMENTS.get(request.path().replaceFirst("^/api/", ""));
    if (known == null) {
      return Optional.empty();
    }
    if (request.method().equals("GET")) {
      return queryMisuse(query(request), known);
    }
    String type = request.header("content-type");
    if (type.isEmpty()) {
      return Optional.of("missing_post_type");
    }
    if (!type.startsWith("application/json")) {
      return Optional.of("invalid_post_type");
    }
    if (!type.equals("application/json; charset=utf-8")) {
      return Optional.of("invalid_charset");
    }
    JsonNode body = body(request);
    if (!body.isObject()) {
      return Optional.of(body.isMissingNode() ? "invalid_json" : "json_not_object");
    }
    return known.containsAll(names(body)) ? Optional.empty() : Optional.of("invalid_arguments");
  }

  private static Optional<String> queryMisuse(Map<String, String> query, Set<String> known) {
    if (!known.containsAll(query.keySet())) {
      return Optional.of("invalid_arguments");
    }
    String limit = query.getOrDefault("limit", "100");
    if (!limit.matches("[1-9]\\d{0,3}") || Integer.parseInt(limit) > LARGEST_PAGE) {
      return Optional.of("invalid_limit");
    }
    if (!query.getOrDefault("cursor", "0").matches("\\d+")) {
      return Optional.of("invalid_cursor");
    }
    if (!CHANNEL_TYPES.matcher(query.getOrDefault("types", "im")).matches()) {
      return Optional.of("invalid_types");
    }
    for (String end : List.of("latest", "oldest")) {
      if (query.containsKey(end) && !TIMESTAMP.matcher(query.getOrDefault(end, "")).matches()) {
        return Optional.of("invalid_ts_" + end);
      }
    }
    return Optional.empty();
  }

  private static List<String> names(JsonNode body) {
    List<String> names = new ArrayList<>();
    body.fieldNames().forEachRemaining(names::add);
    return names;
  }

  private Answer hook(Request request) {
    if (!request.is("POST", HOOK)) {
      return Answer.of(404, "no_service");
    }
    if (archived) {
      return Answer.of(410, "channel_is_archived");
    }
    JsonNode body = body(request);
    if (!body.isObject()) {
      return Answer.of(400, "invalid_payload");
    }
    if (body.path("text").asText().isEmpty()) {
      return Answer.of(400, "no_text");
    }
    if (body.has("metadata") || body.has("thread_ts") || isRefused(body)) {
      return Answer.of(400, "invalid_payload");
    }
    messages.add(new Posted(String.valueOf(messages.size()), "", false, body));
    return Answer.of(200, "ok");
  }

  private Answer post(Request request) {
    JsonNode body = body(request);
    Optional<String> problem = problem(body);
    if (problem.isPresent()) {
      return error(problem.get());
    }
    String channel = body.path("channel").asText();
    if (!Set.of(CHANNEL, "performance", "#performance").contains(channel)) {
      return error("channel_not_found");
    }
    if (archived) {
      return error("is_archived");
    }
    String thread = body.path("thread_ts").asText();
    // An answer to an answer belongs to nothing.
    if (!thread.isEmpty() && roots().stream().noneMatch(each -> each.ts.equals(thread))) {
      return error("thread_not_found");
    }
    String ts = "1700000000.%06d".formatted(++posted);
    messages.add(new Posted(ts, thread, body.path("reply_broadcast").asBoolean(), body));
    return Answer.json(
        200, "{\"ok\":true,\"channel\":\"%s\",\"ts\":\"%s\"}".formatted(CHANNEL, ts));
  }

  private Answer update(Request request) throws IOException {
    JsonNode body = body(request);
    Optional<String> problem = problem(body);
    if (problem.isPresent()) {
      return error(problem.get());
    }
    if (!TIMESTAMP.matcher(body.path("ts").asText()).matches()) {
      return error("message_not_found");
    }
    if (!body.path("channel").asText().equals(CHANNEL)) {
      return error("channel_not_found");
    }
    for (Posted each : messages) {
      if (each.ts.equals(body.path("ts").asText())) {
        each.body = body;
        each.updates++;
        if (--updatesUntilLoss == 0) {
          throw new IOException("lost on its way back");
        }
        return Answer.json(200, "{\"ok\":true,\"ts\":\"" + each.ts + "\"}");
      }
    }
    return error("message_not_found");
  }

  private Optional<String> problem(JsonNode body) {
    boolean flagged =
        FLAGS.stream().allMatch(flag -> !body.has(flag) || body.path(flag).isBoolean());
    if (!flagged || (body.has("reply_broadcast") && !body.has("thread_ts"))) {
      return Optional.of("invalid_arguments");
    }
    String text = body.path("text").asText();
    if (text.isBlank()) {
      return Optional.of("no_text");
    }
    if (text.length() > LONGEST || isRefused(body)) {
      return Optional.of("msg_too_long");
    }
    JsonNode attachments = body.path("attachments");
    if (attachments.size() > 100) {
      return Optional.of("too_many_attachments");
    }
    if (!attachments.isMissingNode() && !attachments.isArray()) {
      return Optional.of("invalid_array_arg");
    }
    for (JsonNode each : attachments) {
      if (each.path("text").asText().isEmpty() || each.path("fallback").asText().isEmpty()) {
        return Optional.of("no_text");
      }
    }
    return isSound(body.path("metadata"))
        ? Optional.empty()
        : Optional.of("invalid_metadata_format");
  }

  /** A name, and an object of plain values. */
  private static boolean isSound(JsonNode metadata) {
    if (metadata.isMissingNode()) {
      return true;
    }
    JsonNode payload = metadata.path("event_payload");
    return metadata.path("event_type").asText().matches("[A-Za-z0-9_]+")
        && payload.isObject()
        && payload.properties().stream().allMatch(each -> each.getValue().isValueNode());
  }

  private boolean isRefused(JsonNode body) {
    return refused.stream().anyMatch(body.path("text").asText()::contains);
  }

  private Answer info(Map<String, String> query) {
    if (!CHANNEL.equals(query.get("channel"))) {
      return error("channel_not_found");
    }
    return Answer.json(
        200,
        "{\"ok\":true,\"channel\":{\"id\":\"%s\",\"is_archived\":%s}}"
            .formatted(CHANNEL, archived));
  }

  private Answer replies(Map<String, String> query) {
    String root = query.get("ts");
    if (root == null || messages.stream().noneMatch(each -> each.ts.equals(root))) {
      return error("thread_not_found");
    }
    return list(query, each -> each.ts.equals(root) || each.thread.equals(root));
  }

  private Answer list(Map<String, String> query, Predicate<Posted> wanted) {
    if (!CHANNEL.equals(query.get("channel"))) {
      return error("channel_not_found");
    }
    int from = Integer.parseInt(query.getOrDefault("cursor", "0"));
    List<Posted> found = new ArrayList<>(messages.stream().filter(wanted).toList());
    if (!query.containsKey("ts")) {
      // A channel is read from its end, a thread from its beginning.
      Collections.reverse(found);
    }
    ObjectNode root = JSON.createObjectNode().put("ok", true);
    ArrayNode list = root.putArray("messages");
    int to = Math.min(found.size(), from + Math.min(page, limit(query)));
    for (Posted each : found.subList(from, to)) {
      ObjectNode message = list.addObject().put("ts", each.ts).put("text", each.text());
      if ("true".equals(query.get("include_all_metadata"))) {
        message.set("metadata", each.body.path("metadata"));
      }
    }
    if (to < found.size()) {
      root.putObject("response_metadata").put("next_cursor", String.valueOf(to));
    }
    return Answer.json(200, root.toString());
  }

  private static int limit(Map<String, String> query) {
    return Integer.parseInt(query.getOrDefault("limit", "100"));
  }

  private static JsonNode body(Request request) {
    try {
      return JSON.readTree(request.text());
    } catch (JsonProcessingException e) {
      return MissingNode.getInstance();
    }
  }

  private static Map<String, String> query(Request request) {
    Map<String, String> query = new LinkedHashMap<>();
    if (request.query().isEmpty()) {
      return query;
    }
    for (String pair : request.query().split("&", -1)) {
      String[] parts = pair.split("=", 2);
      query.put(
          parts[0],
          parts.length < 2
              ? ""
              : Objects.requireNonNull(URLDecoder.decode(parts[1], StandardCharsets.UTF_8)));
    }
    return query;
  }

  private static Answer error(String error) {
    return Answer.json(200, "{\"ok\":false,\"error\":\"" + error + "\"}");
  }
}
