package io.tailrace.sink.jira;

import com.fasterxml.jackson.databind.JsonNode;
import io.prometheus.client.Counter;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpFailure;
import io.tailrace.sink.core.http.HttpTarget;
import java.io.IOException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests made of Jira's REST API. Version 2 takes wiki markup on Cloud and Data Center alike;
 * searching is where the two differ.
 */
final class JiraApi {
  private static final Logger log = LoggerFactory.getLogger(JiraApi.class);
  private static final String JSON = "application/json";
  private static final String ISSUE = "/rest/api/2/issue";
  private static final int MOST_FOUND = 50;
  private static final int MOST_COMMENTS = 100;

  /** A workflow that has its reasons; the comment says that the violation is over in any case. */
  private static final Set<Integer> NOT_ALLOWED = Set.of(400, 409, 413, 422);

  /** Where an issue stands. */
  enum Standing {
    OPEN,
    DONE,
    /** Deleted, or moved out of sight. */
    GONE
  }

  private record Status(Standing standing, String name) {}

  private final HttpTarget target;
  private final Deployment deployment;
  private final Answers answers;
  private final Counter.Child unanswered;

  JiraApi(HttpTarget target, Deployment deployment, Clock clock, Counter.Child unanswered) {
    this.target = target;
    this.deployment = deployment;
    this.answers = new Answers(clock);
    this.unanswered = unanswered;
  }

  Deployment deployment() {
    return deployment;
  }

  /** Creates an issue and returns its key; what the project does not take is left out. */
  String create(IssueDraft draft) throws IOException, InterruptedException {
    HttpAnswer answer = change(HttpCall.post(ISSUE, JSON, IssueEncoder.issue(draft)));
    Set<String> refused = answer.status() == 400 ? answers.faultyFields(answer) : Set.of();
    if (!refused.isEmpty() && IssueDraft.DISPENSABLE.containsAll(refused)) {
      log.warn("Jira does not take {} of an issue in {}; left out", refused, draft.project());
      answer = change(HttpCall.post(ISSUE, JSON, IssueEncoder.issue(draft.without(refused))));
    }
    String key =
        answers.expect(answer, "create an issue in " + draft.project()).path("key").asText();
    if (key.isEmpty()) {
      throw new IOException("Jira says that it created an issue, but not which");
    }
    return key;
  }

  /** Adds a comment, unless the issue is gone. */
  void comment(String issue, String body) throws IOException, InterruptedException {
    HttpAnswer answer =
        change(HttpCall.post(path(issue) + "/comment", JSON, IssueEncoder.comment(body)));
    if (answer.status() == 404) {
      log.warn("issue {} is not there any more; nothing is added to it", issue);
      return;
    }
    JsonNode unused = answers.expect(answer, "comment on " + issue);
  }

  /** Whether one of the latest comments has a text in it. */
  boolean hasComment(String issue, String text) throws IOException, InterruptedException {
    HttpAnswer answer =
        target.send(
            HttpCall.get(path(issue) + "/comment")
                .withQuery("orderBy", "-created")
                .withQuery("maxResults", String.valueOf(MOST_COMMENTS)));
    if (answer.status() == 404) {
      return false;
    }
    for (JsonNode comment : answers.expect(answer, "read comments of " + issue).path("comments")) {
      if (comment.path("body").asText().contains(text)) {
        return true;
      }
    }
    return false;
  }

  /** The first issue that a search finds. */
  Optional<String> find(String jql) throws IOException, InterruptedException {
    String path =
        switch (deployment) {
          case CLOUD -> "/rest/api/3/search/jql";
          case DATA_CENTER -> "/rest/api/2/search";
        };
    HttpAnswer answer =
        target.send(HttpCall.post(path, JSON, IssueEncoder.search(jql, MOST_FOUND)));
    JsonNode issues = answers.expectConfigured(answer, "search for " + jql).path("issues");
    String key = issues.path(0).path("key").asText();
    return key.isEmpty() ? Optional.empty() : Optional.of(key);
  }

  Standing standing(String issue) throws IOException, InterruptedException {
    return status(issue).standing();
  }

  private Status status(String issue) throws IOException, InterruptedException {
    HttpAnswer answer = target.send(HttpCall.get(path(issue)).withQuery("fields", "status"));
    if (answer.status() == 404) {
      return new Status(Standing.GONE, "");
    }
    JsonNode status = answers.expect(answer, "read " + issue).path("fields").path("status");
    boolean done = status.path("statusCategory").path("key").asText().equals("done");
    return new Status(done ? Standing.DONE : Standing.OPEN, status.path("name").asText());
  }

  /** Takes an issue through a transition, named by itself or by the status it leads to. */
  void transition(String issue, String name) throws IOException, InterruptedException {
    Status status = status(issue);
    if (status.standing() != Standing.OPEN || status.name().equalsIgnoreCase(name)) {
      return;
    }
    String path = path(issue) + "/transitions";
    JsonNode offered =
        answers.expect(target.send(HttpCall.get(path)), "read the transitions of " + issue);
    for (JsonNode transition : offered.path("transitions")) {
      if (transition.path("name").asText().equalsIgnoreCase(name)
          || transition.path("to").path("name").asText().equalsIgnoreCase(name)) {
        String id = transition.path("id").asText();
        HttpAnswer answer = change(HttpCall.post(path, JSON, IssueEncoder.transition(id)));
        if (NOT_ALLOWED.contains(answer.status())) {
          log.warn("Jira does not take {} through \"{}\": {}", issue, name, answer.brief());
        } else {
          JsonNode unused = answers.expect(answer, "take " + issue + " through " + name);
        }
        return;
      }
    }
    log.warn("issue {} offers no transition \"{}\" now; it stays as it is", issue, name);
  }

  /** Who may be assigned and answers to a text: their names by the id they are assigned by. */
  Map<String, List<String>> assignable(String project, String text)
      throws IOException, InterruptedException {
    HttpAnswer answer =
        target.send(
            HttpCall.get("/rest/api/2/user/assignable/search")
                .withQuery("project", project)
                .withQuery(deployment == Deployment.CLOUD ? "query" : "username", text)
                .withQuery("maxResults", String.valueOf(MOST_FOUND)));
    Map<String, List<String>> people = new TreeMap<>();
    for (JsonNode user : answers.expectConfigured(answer, "look for the assignee " + text)) {
      List<String> names = new ArrayList<>();
      for (String name : List.of("accountId", "name", "emailAddress", "displayName")) {
        String value = user.path(name).asText();
        if (!value.isEmpty()) {
          names.add(value.toLowerCase(Locale.ROOT));
        }
      }
      people.put(user.path(personField()).asText(), names);
    }
    return people;
  }

  /** The field by which people are named. */
  String personField() {
    return deployment == Deployment.CLOUD ? "accountId" : "name";
  }

  /** Fails unless the user is known and the project has the type; returns its required fields. */
  Set<String> requiredFields(String project, String type) throws IOException, InterruptedException {
    JsonNode unused =
        answers.expectConfigured(target.send(HttpCall.get("/rest/api/2/myself")), "log in to Jira");
    String path = ISSUE + "/createmeta/" + HttpCall.encoded(project) + "/issuetypes";
    JsonNode types = page(path, "read the issue types of " + project, "issueTypes");
    List<String> names = new ArrayList<>();
    for (JsonNode each : types) {
      names.add(each.path("name").asText());
      if (each.path("name").asText().equalsIgnoreCase(type)) {
        String id = HttpCall.encoded(each.path("id").asText());
        return required(page(path + "/" + id, "read the fields of " + type, "fields"));
      }
    }
    throw new IOException(
        project + " has no issue type \"" + type + "\" for this user; it has " + names);
  }

  /** Cloud names what is on a page, Data Center calls it values. */
  private JsonNode page(String path, String attempted, String name)
      throws IOException, InterruptedException {
    HttpAnswer answer = target.send(HttpCall.get(path).withQuery("maxResults", "200"));
    JsonNode page = answers.expectConfigured(answer, attempted);
    return page.has(name) ? page.path(name) : page.path("values");
  }

  private static Set<String> required(JsonNode fields) {
    Set<String> required = new HashSet<>();
    for (JsonNode field : fields) {
      if (field.path("required").asBoolean() && !field.path("hasDefaultValue").asBoolean()) {
        required.add(field.path("fieldId").asText());
      }
    }
    return required;
  }

  /** Sends what changes something; a lost answer is counted. */
  private HttpAnswer change(HttpCall call) throws IOException, InterruptedException {
    try {
      return target.send(call);
    } catch (HttpFailure e) {
      if (e.isMaybeReceived()) {
        unanswered.inc();
        log.warn("not answered, will be looked up: {}", call);
      }
      throw e;
    }
  }

  private static String path(String issue) {
    return ISSUE + "/" + HttpCall.encoded(issue);
  }
}
