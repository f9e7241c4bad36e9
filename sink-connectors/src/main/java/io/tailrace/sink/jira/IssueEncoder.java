package io.tailrace.sink.jira;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;

/** Requests to Jira's REST API, version 2, as JSON. */
final class IssueEncoder {
  private static final ObjectMapper JSON = new ObjectMapper();

  private IssueEncoder() {}

  static byte[] issue(IssueDraft draft) {
    ObjectNode root = JSON.createObjectNode();
    ObjectNode fields = root.putObject("fields");
    fields.putObject("project").put("key", draft.project());
    fields.putObject("issuetype").put("name", draft.type());
    fields.put("summary", draft.summary());
    fields.put("description", draft.description());
    draft.labels().forEach(fields.putArray("labels")::add);
    draft.assignee().ifPresent(who -> fields.putObject("assignee").put(who.field(), who.value()));
    draft.priority().ifPresent(name -> fields.putObject("priority").put("name", name));
    draft.fields().forEach((name, value) -> fields.set(name, JSON.<JsonNode>valueToTree(value)));
    return bytes(root);
  }

  static byte[] comment(String body) {
    return bytes(JSON.createObjectNode().put("body", body));
  }

  static byte[] transition(String id) {
    ObjectNode root = JSON.createObjectNode();
    root.putObject("transition").put("id", id);
    return bytes(root);
  }

  static byte[] search(String jql, int most) {
    ObjectNode root = JSON.createObjectNode().put("jql", jql).put("maxResults", most);
    root.putArray("fields").add("status");
    return bytes(root);
  }

  private static byte[] bytes(ObjectNode root) {
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("maps, lists and texts are always JSON", e);
    }
  }
}
