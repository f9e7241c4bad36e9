package io.tailrace.sink.jira;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each constraint of the published API, tripped. */
class JiraStubTest {
  private static final String VALID =
      "\"project\":{\"key\":\"PERF\"},\"issuetype\":{\"name\":\"Bug\"}";

  private final JiraStub cloud = new JiraStub(Deployment.CLOUD);
  private final JiraStub dataCenter = new JiraStub(Deployment.DATA_CENTER);

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          "project":{"key":"NONE"},"issuetype":{"name":"Bug"},"summary":"s" | valid project is required
          "project":{"key":"PERF"},"issuetype":{"name":"Epic"},"summary":"s" | Specify a valid issue type
          VALID | You must specify a summary
          VALID,"summary":"a\\nb" | contains newline characters
          VALID,"summary":"LONG255" | less than 255 characters
          VALID,"summary":"s","description":{"type":"doc"} | Operation value must be a string
          VALID,"summary":"s","description":"LONG32768" | exceeds the allowed limit of 32,767
          VALID,"summary":"s","labels":"a" | data was not an array
          VALID,"summary":"s","labels":["a b"] | contains spaces which is invalid
          VALID,"summary":"s","labels":[""] | maximum length of 255
          VALID,"summary":"s","labels":["LONG256"] | maximum length of 255
          VALID,"summary":"s","assignee":{"name":"x"} | does not exist
          VALID,"summary":"s","priority":{"name":"Blocker"} | Specify a valid 'name'
          VALID,"summary":"s","customfield_1":"x" | cannot be set
          """)
  void refusesAnIssueThat(String fields, String problem) {
    String body = "{\"fields\":{" + expanded(fields) + "}}";
    Answer answer = cloud.answer(post("/rest/api/2/issue", body));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(text(answer)).contains(problem);
    assertThat(cloud.issues()).isEmpty();
  }

  @Test
  void refusesAnIssueWithoutItsRequiredField() {
    cloud.require("customfield_7");
    String body = "{\"fields\":{" + VALID + ",\"summary\":\"s\"}}";
    assertThat(text(cloud.answer(post("/rest/api/2/issue", body))))
        .contains("customfield_7 is required.");
  }

  @Test
  void refusesUnknownPropertiesMediaTypesAndUsers() {
    assertThat(text(cloud.answer(post("/rest/api/2/issue", "{\"fields\":{},\"key\":1}"))))
        .contains("Unrecognized field");
    Map<String, String> known = Map.of("authorization", "Basic eDp5", "content-type", "text/plain");
    Request plain = new Request("POST", "/rest/api/2/issue", "", known, new byte[0], new byte[0]);
    assertThat(cloud.answer(plain).status()).isEqualTo(415);
    Map<String, String> bearer = Map.of("authorization", "Bearer x");
    Request personal =
        new Request("GET", "/rest/api/2/myself", "", bearer, new byte[0], new byte[0]);
    assertThat(cloud.answer(personal).status()).isEqualTo(401);
    assertThat(dataCenter.answer(personal).status()).isEqualTo(200);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      textBlock =
          """
          {"jql":"ORDER BY created ASC"} | Unbounded JQL
          {"jql":"project = PERF OR 1=1"} | Error in the JQL Query
          {"jql":"project = \\"PERF\\" AND labels = \\"a\\" OR 1=1 ORDER BY created ASC"} | Error in
          {"jql":"project = \\"NONE\\" AND labels = \\"a\\" ORDER BY created ASC"} | does not exist for
          {"jql":"project = \\"PERF\\" AND labels = \\"a\\" ORDER BY created ASC","total":1} | Invalid
          {"jql":"project = \\"PERF\\" AND labels = \\"a\\" ORDER BY created ASC","maxResults":5001} | Invalid
          {"jql":"project = \\"PERF\\" AND labels = \\"a\\" ORDER BY created ASC","maxResults":"50"} | Invalid
          {"jql":"project = \\"PERF\\" AND labels = \\"a\\" ORDER BY created ASC","fields":"key"} | Invalid
          {"fields":["key"]} | Invalid
          """)
  void refusesASearchThat(String body, String problem) {
    Answer answer = cloud.answer(post("/rest/api/3/search/jql", body));
    assertThat(answer.status()).isEqualTo(400);
    assertThat(text(answer)).contains(problem);
  }

  @Test
  void searchesWhereItsKindOfJiraDoes() {
    assertThat(cloud.answer(post("/rest/api/2/search", "{}")).status()).isEqualTo(410);
    assertThat(dataCenter.answer(post("/rest/api/3/search/jql", "{}")).stranger()).isTrue();
    assertThat(cloud.answer(post("/rest/api/2/filter", "{}")).stranger()).isTrue();
  }

  @Test
  void givesOnlyIdsUnlessFieldsAreAskedFor() {
    file();
    String jql = "\"jql\":\"project = \\\"PERF\\\" AND labels = \\\"a\\\" ORDER BY created ASC\"";
    assertThat(text(cloud.answer(post("/rest/api/3/search/jql", "{" + jql + "}"))))
        .contains("\"id\"")
        .doesNotContain("PERF-1");
    String body = "{" + jql + ",\"fields\":[\"status\"]}";
    assertThat(text(cloud.answer(post("/rest/api/3/search/jql", body)))).contains("PERF-1");
  }

  @Test
  void refusesCommentsAndTransitionsThatAreNone() {
    file();
    String comment = "/rest/api/2/issue/PERF-1/comment";
    assertThat(text(cloud.answer(post(comment, "{\"body\":\" \"}")))).contains("can not be empty");
    assertThat(cloud.answer(post(comment, "{\"body\":{\"type\":\"doc\"}}")).status())
        .isEqualTo(400);
    assertThat(text(cloud.answer(post(comment, expanded("{\"body\":\"LONG32768\"}")))))
        .contains("too long");
    assertThat(text(cloud.answer(post(comment, "{\"body\":\"b\",\"text\":\"t\"}"))))
        .contains("Unrecognized field");
    assertThat(cloud.answer(post("/rest/api/2/issue/PERF-9/comment", "{\"body\":\"b\"}")).status())
        .isEqualTo(404);
    String transition = "{\"transition\":{\"id\":\"99\"}}";
    assertThat(text(cloud.answer(post("/rest/api/2/issue/PERF-1/transitions", transition))))
        .contains("illegal workflow operation");
    String more = "{\"transition\":{\"id\":\"31\"},\"comment\":\"c\"}";
    assertThat(text(cloud.answer(post("/rest/api/2/issue/PERF-1/transitions", more))))
        .contains("Unrecognized field");
    assertThat(cloud.only().comments).isEmpty();
    assertThat(cloud.only().status).isEqualTo("To Do");
    cloud.takeComments(0);
    assertThat(cloud.answer(post(comment, "{\"body\":\"b\"}")).status()).isEqualTo(413);
  }

  @ParameterizedTest
  @CsvSource({
    "/rest/api/2/issue/createmeta/PERF/issuetypes, maxResults=201",
    "/rest/api/2/issue/createmeta/PERF/issuetypes, maxResults=all",
    "/rest/api/2/issue/createmeta/PERF/issuetypes, expand=fields",
    "/rest/api/2/issue/PERF-1/comment, orderBy=updated",
    "/rest/api/2/user/assignable/search, query=me",
    "/rest/api/2/user/assignable/search, project=PERF&username=me",
    "/rest/api/2/user/assignable/search, project=PERF"
  })
  void refusesAQuestionThat(String path, String query) {
    file();
    Request question =
        new Request(
            "GET", path, query, Map.of("authorization", "Basic eDp5"), new byte[0], new byte[0]);
    assertThat(cloud.answer(question).status()).isEqualTo(400);
  }

  @Test
  void whatIsMisconfiguredIsNeitherCreatedNorTransitioned() {
    file();
    cloud.trouble(true);
    String body = "{\"fields\":{" + VALID + ",\"summary\":\"s\"}}";
    assertThat(cloud.answer(post("/rest/api/2/issue", body)).status()).isEqualTo(422);
    String transition = "{\"transition\":{\"id\":\"31\"}}";
    assertThat(cloud.answer(post("/rest/api/2/issue/PERF-1/transitions", transition)).status())
        .isEqualTo(422);
    assertThat(cloud.only().status).isEqualTo("To Do");
  }

  private void file() {
    String body = "{\"fields\":{" + VALID + ",\"summary\":\"s\",\"labels\":[\"a\"]}}";
    assertThat(cloud.answer(post("/rest/api/2/issue", body)).status()).isEqualTo(201);
  }

  private static String expanded(String text) {
    return text.replace("VALID", VALID)
        .replace("LONG255", "x".repeat(255))
        .replace("LONG256", "x".repeat(256))
        .replace("LONG32768", "x".repeat(32_768));
  }

  private static Request post(String path, String body) {
    return new Request(
        "POST",
        path,
        "",
        Map.of("authorization", "Basic eDp5", "content-type", "application/json"),
        body.getBytes(StandardCharsets.UTF_8),
        new byte[0]);
  }

  private static String text(Answer answer) {
    return new String(answer.body(), StandardCharsets.UTF_8);
  }
}
