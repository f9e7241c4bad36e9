package io.tailrace.sink.jira;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.MissingNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Jira that keeps issues, comments and states, and holds requests to the constraints of the
 * published descriptions of the REST API. What it was not taught it answers with Jira's own 404.
 */
final class JiraStub {
  static final ObjectMapper JSON = new ObjectMapper();
  private static final int LONGEST_TEXT = 32_767;
  private static final int MOST_FOUND = 5_000;
  private static final int MOST_META = 200;
  private static final int LONGEST_ACCOUNT_ID = 128;
  private static final Set<String> QUERY =
      Set.of(
          "fields",
          "maxResults",
          "startAt",
          "orderBy",
          "query",
          "username",
          "accountId",
          "project");
  private static final Set<String> STANDARD =
      Set.of("project", "issuetype", "summary", "description", "labels", "assignee", "priority");
  private static final Pattern ISSUE = Pattern.compile("/rest/api/2/issue/([A-Z]+-\\d+)(/.*)?");
  private static final Pattern JQL =
      Pattern.compile(
          "project = \"((?:[^\"\\\\]|\\\\.)*)\" AND labels = \"((?:[^\"\\\\]|\\\\.)*)\""
              + "( AND statusCategory != Done)? ORDER BY created (ASC|DESC)");

  /** An issue as it stands. */
  static final class Issue {
    final String key;
    final JsonNode fields;
    final List<String> comments = new ArrayList<>();
    private final long created = System.nanoTime();
    String status = "To Do";

    Issue(String key, JsonNode fields) {
      this.key = key;
      this.fields = fields;
    }

    String summary() {
      return fields.path("summary").asText();
    }

    String description() {
      return fields.path("description").asText();
    }

    List<String> labels() {
      List<String> labels = new ArrayList<>();
      fields.path("labels").forEach(label -> labels.add(label.asText()));
      return labels;
    }
  }

  private final Deployment deployment;
  private final Map<String, Issue> issues = new LinkedHashMap<>();
  private final Set<String> types = new TreeSet<>(Set.of("Bug", "Task"));
  private final Set<String> priorities = new TreeSet<>(Set.of("Highest", "High", "Medium", "Low"));
  private final Set<String> required = new TreeSet<>();
  private final Set<String> refused = ConcurrentHashMap.newKeySet();
  private volatile Duration indexLag = Duration.ZERO;
  private volatile int mostComments = 5_000;
  private volatile boolean troubled;
  private int created;

  JiraStub(Deployment deployment) {
    this.deployment = deployment;
  }

  synchronized List<Issue> issues() {
    return List.copyOf(issues.values());
  }

  /** The only issue there is. */
  synchronized Issue only() {
    if (issues.size() != 1) {
      throw new AssertionError("expected one issue, there are " + issues.keySet());
    }
    return issues.values().iterator().next();
  }

  void indexLag(Duration lag) {
    indexLag = lag;
  }

  /** Every issue takes so many comments. */
  void takeComments(int most) {
    mostComments = most;
  }

  /** Nothing can be created, or taken through a workflow, until somebody mends a configuration. */
  void trouble(boolean there) {
    troubled = there;
  }

  /** Issues whose summary has this text in it are refused. */
  void refuse(String text) {
    refused.add(text);
  }

  synchronized void require(String field) {
    required.add(field);
  }

  synchronized void withoutPriorities() {
    priorities.clear();
  }

  synchronized void withoutType(String type) {
    types.remove(type);
  }

  synchronized void delete(String key) {
    issues.remove(key);
  }

  /** Whether a request changes something, so that it matters when its answer is lost. */
  static boolean changes(Request request) {
    return request.method().equals("POST") && !request.path().contains("/search");
  }

  synchronized Answer answer(Request request) {
    if (!isKnownUser(request)) {
      return problem(401, "Client must be authenticated to access this resource.");
    }
    if (request.method().equals("POST")
        && !request.header("content-type").startsWith("application/json")) {
      return problem(415, "Unsupported Media Type");
    }
    Optional<String> asked = misasked(request);
    if (asked.isPresent()) {
      return problem(400, asked.get());
    }
    if (request.path().contains("/search") && request.method().equals("POST")) {
      return search(request);
    }
    if (request.is("POST", "/rest/api/2/issue")) {
      return create(body(request));
    }
    if (request.is("GET", "/rest/api/2/myself")) {
      return Answer.json(200, "{\"name\":\"tailrace\",\"active\":true}");
    }
    if (request.is("GET", "/rest/api/2/user/assignable/search")) {
      return assignable(query(request));
    }
    if (request.path().startsWith("/rest/api/2/issue/createmeta/")) {
      return meta(request);
    }
    Matcher issue = ISSUE.matcher(request.path());
    if (issue.matches()) {
      String rest = issue.group(2) == null ? "" : issue.group(2);
      return ofIssue(request, issues.get(issue.group(1)), rest);
    }
    return untaught();
  }

  private boolean isKnownUser(Request request) {
    String authorization = request.header("authorization");
    return authorization.startsWith("Basic ")
        || (deployment == Deployment.DATA_CENTER && authorization.startsWith("Bearer "));
  }

  /** What holds for the queries of all requests. */
  private static Optional<String> misasked(Request request) {
    Map<String, String> query = query(request);
    String most = query.getOrDefault("maxResults", "50");
    boolean meta = request.path().startsWith("/rest/api/2/issue/createmeta/");
    if (!most.matches("[1-9]\\d{0,6}") || (meta && Integer.parseInt(most) > MOST_META)) {
      return Optional.of("maxResults: " + most);
    }
    return QUERY.containsAll(query.keySet())
        ? Optional.empty()
        : Optional.of("unknown parameter among " + query.keySet());
  }

  private Answer create(JsonNode body) {
    if (troubled) {
      return problem(422, "A configuration problem prevents the creation of the issue.");
    }
    Map<String, String> errors = new LinkedHashMap<>();
    if (!body.isObject() || !body.path("fields").isObject()) {
      return problem(400, "one of 'fields' or 'update' required");
    }
    Optional<String> stranger =
        unknown(body, Set.of("fields", "update", "properties", "transition", "historyMetadata"));
    if (stranger.isPresent()) {
      return problem(400, "Unrecognized field \"" + stranger.get() + "\"");
    }
    JsonNode fields = body.path("fields");
    if (!fields.path("project").path("key").asText().equals("PERF")) {
      errors.put("project", "valid project is required");
    }
    if (!types.contains(fields.path("issuetype").path("name").asText())) {
      errors.put("issuetype", "Specify a valid issue type");
    }
    summary(fields.path("summary"), errors);
    description(fields.path("description"), errors);
    labels(fields.path("labels"), errors);
    assignee(fields.path("assignee"), errors);
    if (fields.has("priority")
        && !priorities.contains(fields.path("priority").path("name").asText())) {
      errors.put("priority", "Specify a valid 'name' for 'priority'");
    }
    fields
        .fieldNames()
        .forEachRemaining(
            name -> {
              if (!STANDARD.contains(name) && !required.contains(name)) {
                errors.put(
                    name,
                    "Field '%s' cannot be set. It is not on the appropriate screen, or unknown."
                        .formatted(name));
              }
            });
    required.stream()
        .filter(name -> !fields.has(name))
        .forEach(name -> errors.put(name, name + " is required."));
    if (!errors.isEmpty()) {
      return errors(errors);
    }
    String key = "PERF-" + ++created;
    issues.put(key, new Issue(key, fields));
    return Answer.json(
        201, "{\"id\":\"1\",\"key\":\"%s\",\"self\":\"http://jira/1\"}".formatted(key));
  }

  private void summary(JsonNode summary, Map<String, String> errors) {
    String text = summary.asText();
    if (!summary.isTextual() || text.isBlank()) {
      errors.put("summary", "You must specify a summary of the issue.");
    } else if (text.contains("\n") || text.contains("\r")) {
      errors.put("summary", "The summary is invalid because it contains newline characters.");
    } else if (text.length() >= 255) {
      errors.put("summary", "Summary must be less than 255 characters.");
    } else if (refused.stream().anyMatch(text::contains)) {
      errors.put("summary", "The summary is not to this Jira's liking.");
    }
  }

  private static void description(JsonNode description, Map<String, String> errors) {
    if (!description.isMissingNode() && !description.isTextual()) {
      errors.put("description", "Operation value must be a string");
    } else if (description.asText().length() > LONGEST_TEXT) {
      errors.put(
          "description",
          "The entered text is too long. It exceeds the allowed limit of 32,767 characters.");
    }
  }

  private static void labels(JsonNode labels, Map<String, String> errors) {
    if (!labels.isMissingNode() && !labels.isArray()) {
      errors.put("labels", "data was not an array");
    }
    for (JsonNode label : labels) {
      String text = label.asText();
      if (text.chars().anyMatch(Character::isWhitespace)) {
        errors.put("labels", "The label '" + text + "' contains spaces which is invalid.");
      } else if (text.length() > 255 || text.isEmpty()) {
        errors.put("labels", "The label '" + text + "' exceeds the maximum length of 255.");
      }
    }
  }

  private void assignee(JsonNode assignee, Map<String, String> errors) {
    if (assignee.isMissingNode()) {
      return;
    }
    String field = deployment == Deployment.CLOUD ? "accountId" : "name";
    String id = deployment == Deployment.CLOUD ? "5b10ac8d82e05b22cc7d4ef5" : "performance-team";
    if (assignee.path(field).asText().length() > LONGEST_ACCOUNT_ID
        || !assignee.path(field).asText().equals(id)) {
      errors.put("assignee", "User '" + assignee.path(field).asText() + "' does not exist.");
    }
  }

  private Answer search(Request request) {
    String expected =
        deployment == Deployment.CLOUD ? "/rest/api/3/search/jql" : "/rest/api/2/search";
    if (!request.path().equals(expected)) {
      return deployment == Deployment.CLOUD && request.path().endsWith("/search")
          ? problem(410, "The requested API has been removed. Migrate to /rest/api/3/search/jql.")
          : untaught();
    }
    JsonNode body = body(request);
    Set<String> known =
        deployment == Deployment.CLOUD
            ? Set.of(
                "jql",
                "fields",
                "fieldsByKeys",
                "maxResults",
                "nextPageToken",
                "expand",
                "properties",
                "reconcileIssues")
            : Set.of(
                "jql",
                "fields",
                "fieldsByKeys",
                "maxResults",
                "startAt",
                "validateQuery",
                "expand");
    Optional<String> stranger = unknown(body, known);
    if (stranger.isPresent()) {
      return problem(400, "Invalid request payload: " + stranger.get());
    }
    JsonNode most = body.path("maxResults");
    boolean bounded = most.isInt() && most.asInt() > 0 && most.asInt() <= MOST_FOUND;
    boolean listed = body.path("fields").isArray() || !body.has("fields");
    if (!body.path("jql").isTextual() || !listed || !(bounded || most.isMissingNode())) {
      return problem(400, "Invalid request payload: " + body);
    }
    Matcher jql = JQL.matcher(body.path("jql").asText());
    if (!jql.matches()) {
      return body.path("jql").asText().startsWith("ORDER BY")
          ? problem(400, "Unbounded JQL queries are not allowed here.")
          : problem(400, "Error in the JQL Query: " + body.path("jql").asText());
    }
    if (!jql.group(1).equals("PERF")) {
      return problem(400, "The value '" + jql.group(1) + "' does not exist for 'project'.");
    }
    boolean onlyOpen = jql.group(3) != null;
    List<Issue> found = new ArrayList<>();
    for (Issue issue : issues.values()) {
      boolean isIndexed = System.nanoTime() - issue.created >= indexLag.toNanos();
      if (isIndexed
          && issue.labels().contains(jql.group(2))
          && !(onlyOpen && issue.status.equals("Done"))) {
        found.add(jql.group(4).equals("ASC") ? found.size() : 0, issue);
      }
    }
    ObjectNode root = JSON.createObjectNode().put("isLast", true);
    ArrayNode list = root.putArray("issues");
    boolean withKeys = deployment == Deployment.DATA_CENTER || body.has("fields");
    for (Issue issue : found) {
      ObjectNode each = list.addObject().put("id", "1");
      if (withKeys) {
        each.put("key", issue.key);
      }
    }
    return Answer.json(200, root.toString());
  }

  private Answer ofIssue(Request request, @Nullable Issue issue, String rest) {
    if (issue == null) {
      return problem(404, "Issue does not exist or you do not have permission to see it.");
    }
    return switch (request.method() + " " + rest) {
      case "GET " -> standing(issue);
      case "POST /comment" ->
          issue.comments.size() < mostComments
              ? comment(issue, body(request))
              : problem(413, "The per-issue limit has been breached for comments.");
      case "GET /comment" -> comments(issue, query(request));
      case "GET /transitions" ->
          Answer.json(
              200,
              "{\"transitions\":[{\"id\":\"31\",\"name\":\"Close"
                  + " it\",\"to\":{\"name\":\"Done\"}}]}");
      case "POST /transitions" -> transition(issue, body(request));
      default -> untaught();
    };
  }

  private static Answer standing(Issue issue) {
    ObjectNode root = JSON.createObjectNode().put("key", issue.key);
    ObjectNode status = root.putObject("fields").putObject("status").put("name", issue.status);
    status.putObject("statusCategory").put("key", issue.status.equals("Done") ? "done" : "new");
    return Answer.json(200, root.toString());
  }

  private static Answer comment(Issue issue, JsonNode body) {
    String text = body.path("body").asText();
    Optional<String> stranger = unknown(body, Set.of("body", "visibility", "properties"));
    if (stranger.isPresent()) {
      return problem(400, "Unrecognized field \"" + stranger.get() + "\"");
    }
    if (!body.path("body").isTextual() || text.isBlank()) {
      return errors(Map.of("comment", "Comment body can not be empty!"));
    }
    if (text.length() > LONGEST_TEXT) {
      return errors(
          Map.of(
              "comment",
              "The entered text is too long. It exceeds the allowed limit of 32,767 characters."));
    }
    issue.comments.add(text);
    return Answer.json(201, "{\"id\":\"" + issue.comments.size() + "\"}");
  }

  private static Answer comments(Issue issue, Map<String, String> query) {
    if (!"-created".equals(query.get("orderBy"))) {
      return problem(400, "orderBy: expected created, -created or +created");
    }
    ObjectNode root = JSON.createObjectNode();
    ArrayNode list = root.putArray("comments");
    for (int i = issue.comments.size() - 1; i >= 0; i--) {
      list.addObject().put("body", issue.comments.get(i));
    }
    return Answer.json(200, root.toString());
  }

  private Answer transition(Issue issue, JsonNode body) {
    Optional<String> stranger =
        unknown(body, Set.of("transition", "fields", "update", "properties", "historyMetadata"));
    if (stranger.isPresent()) {
      return problem(400, "Unrecognized field \"" + stranger.get() + "\"");
    }
    if (troubled) {
      return problem(422, "A configuration problem prevents the transition.");
    }
    if (!body.path("transition").path("id").asText().equals("31")) {
      return problem(400, "It seems that you have tried to perform an illegal workflow operation.");
    }
    issue.status = "Done";
    return Answer.of(204, "");
  }

  private Answer assignable(Map<String, String> query) {
    String parameter = deployment == Deployment.CLOUD ? "query" : "username";
    if (!query.containsKey(parameter) || !"PERF".equals(query.get("project"))) {
      return problem(400, "Specify a query and a project");
    }
    boolean known = "performance-team".startsWith(Objects.requireNonNull(query.get(parameter)));
    return Answer.json(
        200,
        known
            ? "[{\"accountId\":\"5b10ac8d82e05b22cc7d4ef5\",\"name\":\"performance-team\","
                + "\"displayName\":\"Performance-Team\"}]"
            : "[]");
  }

  private Answer meta(Request request) {
    if (!request.path().startsWith("/rest/api/2/issue/createmeta/PERF/issuetypes")) {
      return problem(404, "No project could be found with key");
    }
    ObjectNode root = JSON.createObjectNode();
    boolean cloud = deployment == Deployment.CLOUD;
    if (request.path().endsWith("/issuetypes")) {
      ArrayNode list = root.putArray(cloud ? "issueTypes" : "values");
      types.forEach(type -> list.addObject().put("id", "id-" + type).put("name", type));
    } else {
      ArrayNode list = root.putArray(cloud ? "fields" : "values");
      for (String name : List.of("summary", "project", "issuetype")) {
        field(list, name, false);
      }
      field(list, "priority", true);
      required.forEach(name -> field(list, name, false));
    }
    return Answer.json(200, root.toString());
  }

  private static void field(ArrayNode list, String name, boolean hasDefault) {
    list.addObject().put("fieldId", name).put("required", true).put("hasDefaultValue", hasDefault);
  }

  private static Optional<String> unknown(JsonNode body, Set<String> known) {
    List<String> names = new ArrayList<>();
    body.fieldNames().forEachRemaining(names::add);
    return names.stream().filter(name -> !known.contains(name)).findFirst();
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
          parts[0], parts.length < 2 ? "" : URLDecoder.decode(parts[1], StandardCharsets.UTF_8));
    }
    return query;
  }

  private static Answer untaught() {
    return Answer.untaught(404, "{\"errorMessages\":[\"null for uri\"],\"errors\":{}}");
  }

  private static Answer problem(int status, String message) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("errorMessages").add(message);
    root.putObject("errors");
    return Answer.json(status, root.toString());
  }

  private static Answer errors(Map<String, String> errors) {
    ObjectNode root = JSON.createObjectNode();
    root.putArray("errorMessages");
    ObjectNode fields = root.putObject("errors");
    errors.forEach(fields::put);
    return Answer.json(400, root.toString());
  }
}
