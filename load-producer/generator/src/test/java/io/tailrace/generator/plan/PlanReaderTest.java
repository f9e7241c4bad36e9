package io.tailrace.generator.plan;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.tailrace.config.SettingsException;
import io.tailrace.config.SettingsSource;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PlanReaderTest {

  private static final String SHOP =
      """
      name: shop
      environment: staging
      version: "1.4"
      tags: {team: checkout}
      target: http://shop.test:8080/api
      load:
        stages:
          - {to: 100, duration: 10s}
          - {rate: 100, duration: 1m}
        arrivals: poisson
        seed: 7
      http:
        timeout: 2s
        headers: {X-Request: "{{uuid}}"}
        auth: {bearer: "{{env.TOKEN}}"}
      variables: {tenant: "t-{{random(1,9)}}"}
      feeders:
        users: {file: users.csv}
      scenarios:
        - name: browse
          weight: 3
          steps:
            - get: /users/{{users.id}}
              query: {q: "{{users.name}}", tenant: "{{tenant}}"}
              extract:
                first: {json: "$.items[0].id"}
                trace: {header: X-Trace, default: none}
              check: {status: [200, 404], json: {/ok: "true"}, time: 500ms}
            - post: /orders
              name: order
              json: {item: "{{first}}", count: 2}
              pause: 1s
        - steps:
            - get: /health/123/9f8a7b6c5d4e3f2a1b
      sla:
        - p95 < 500ms
      outputs:
        influxdb: {url: "http://influx:8086"}
      """;

  @TempDir Path folder;

  @Test
  void readsAWholePlan() throws Exception {
    Plan plan = shop();
    assertThat(plan.name()).isEqualTo("shop");
    assertThat(plan.port()).isEqualTo(8080);
    assertThat(plan.load().durationNanos()).isEqualTo(70_000_000_000L);
    assertThat(((OpenLoad) plan.load()).schedule().arrivals()).isEqualTo(6_500);
    assertThat(plan.scenarios().stream().flatMap(s -> s.steps().stream()).map(Step::name))
        .containsExactly("GET /users/{id}", "order", "GET /health/{id}/{id}");
    Step first = plan.scenarios().get(0).steps().get(0);
    assertThat(first.timeoutNanos()).isEqualTo(2_000_000_000L);
    assertThat(first.acceptsStatus(404)).isTrue();
    assertThat(first.acceptsStatus(201)).isFalse();
  }

  @Test
  void rendersRequestsFromRowsVariablesAndEarlierAnswers() throws Exception {
    Plan plan = shop();
    Casting casting = new Casting(plan, Share.WHOLE, () -> 0);
    Scenario browse = plan.scenarios().get(0);
    Session session = casting.session(browse, 0);
    Step users = browse.steps().get(0);
    assertThat(users.address(session))
        .matches("/api/users/1\\?q=J%C3%B6%20%26%20Co&tenant=t-[1-9]");
    Map<String, String> headers = new HashMap<>();
    users.headers(session, headers::put);
    assertThat(headers)
        .containsEntry("Authorization", "Bearer s3cret")
        .hasEntrySatisfying("X-Request", id -> assertThat(id).hasSize(36));
    Answer answer = answer(200, "{\"ok\":true,\"items\":[{\"id\":\"i9\"}]}");
    assertThat(users.judge(answer, session)).isNull();
    Step order = browse.steps().get(1);
    assertThat(new String(order.body(session), StandardCharsets.UTF_8))
        .isEqualTo("{\"item\":\"i9\",\"count\":2}");
  }

  @Test
  void rendersWhatIsDrawnAnew() {
    Plan plan =
        PlanReader.read(
            SettingsSource.ofYaml(
                    """
                    target: http://localhost:9/
                    load: {rate: 1, duration: 1s}
                    http: {auth: {basic: {username: ada, password: pass}}}
                    scenarios:
                      - steps:
                          - get: /
                            headers:
                              Number: "{{random(3, 5)}}"
                              Text: "{{random.text(8)}}"
                              Moment: "{{timestamp}}"
                              Turn: "{{iteration}}"
                              Id: "{{uuid}}"
                    """)
                .allowingLiteralSecrets(true));
    Scenario scenario = plan.scenarios().get(0);
    Casting casting = new Casting(plan, Share.WHOLE, () -> 1_700_000_000_123_456L);
    TreeSet<String> numbers = new TreeSet<>();
    for (int i = 0; i < 200; i++) {
      Map<String, String> headers = new HashMap<>();
      scenario.steps().get(0).headers(casting.session(scenario, i), headers::put);
      numbers.add(headers.get("Number"));
      assertThat(headers)
          .containsEntry("Authorization", "Basic YWRhOnBhc3M=")
          .containsEntry("Moment", "1700000000123")
          .containsEntry("Turn", Integer.toString(i))
          .hasEntrySatisfying("Text", text -> assertThat(text).matches("[A-Za-z0-9]{8}"))
          .hasEntrySatisfying("Id", id -> assertThat(id).hasSize(36));
    }
    assertThat(numbers).containsExactly("3", "4", "5");
  }

  @Test
  void judgesAnswers() throws Exception {
    Plan plan = shop();
    Session session = new Casting(plan, Share.WHOLE, () -> 0).session(plan.scenarios().get(0), 0);
    Step users = plan.scenarios().get(0).steps().get(0);
    assertThat(users.judge(answer(200, "{\"ok\":false}"), session)).isEqualTo("check: json /ok");
    assertThat(users.judge(answer(200, "{\"ok\":true}"), session)).isEqualTo("extract: first");
    assertThat(users.judge(answer(200, "not json"), session)).isEqualTo("check: json /ok");
    Answer slow = new Answer(200, 600_000_000L, name -> null, new byte[0]);
    assertThat(users.judge(slow, session)).isEqualTo("check: time");
  }

  @Test
  void dealsScenariosByWeightAndRowsByNode() throws Exception {
    Plan plan = shop();
    Casting first = new Casting(plan, new Share(0, 2), () -> 0);
    Casting second = new Casting(plan, new Share(1, 2), () -> 0);
    Scenario browse = plan.scenarios().get(0);
    int browsing = 0;
    for (int i = 0; i < 10_000; i++) {
      assertThat(first.scenario(i)).isSameAs(second.scenario(i));
      browsing += first.scenario(i) == browse ? 1 : 0;
    }
    assertThat(browsing).isBetween(7_300, 7_700);
    List<String> firsts = new ArrayList<>();
    List<String> seconds = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      firsts.add(path(browse, first.session(browse, i)));
      seconds.add(path(browse, second.session(browse, i)));
    }
    assertThat(firsts).containsExactly("1", "3", "1", "3");
    assertThat(seconds).containsExactly("2", "2", "2", "2");
  }

  @Test
  void refusesMoreNodesThanRows() throws Exception {
    Plan plan = shop();
    assertThatThrownBy(() -> new Casting(plan, new Share(3, 4), () -> 0))
        .hasMessageContaining("feeder users has 3 rows: expected at least one for each of 4 nodes");
  }

  @Test
  void reportsEveryFaultAtOnceWithFileKeyValueAndExpectation() throws Exception {
    Path file = folder.resolve("bad.yaml");
    Files.writeString(
        file,
        """
        target: ftp://nowhere
        colour: red
        load: {rate: 0, duration: soon}
        http: {conections: 5}
        feeders:
          users: {file: missing.csv}
        scenarios:
          - steps:
              - get: /a/{{user.id}}
                check: {status: fine}
                extract: {x: {json: "no pointer"}}
              - fetch: /b
        """);
    assertThatThrownBy(() -> PlanReader.read(SettingsSource.ofFile(file, Map.of())))
        .isInstanceOf(SettingsException.class)
        .satisfies(
            e -> {
              TreeSet<String> keys = new TreeSet<>();
              ((SettingsException) e).faults().forEach(fault -> keys.add(fault.key()));
              assertThat(((SettingsException) e).faults())
                  .allSatisfy(
                      fault ->
                          assertThat(fault.toString())
                              .doesNotContain("\n")
                              .matches(".*bad\\.yaml:\\d+: [\\w.\\[\\]]+: .+"));
              assertThat(keys)
                  .contains(
                      "target",
                      "colour",
                      "load.rate",
                      "load.duration",
                      "http.conections",
                      "feeders.users.file",
                      "scenarios[0].steps[0].get",
                      "scenarios[0].steps[0].check.status",
                      "scenarios[0].steps[0].extract.x.json",
                      "scenarios[0].steps[1].fetch");
            })
        .hasMessageContaining("bad.yaml")
        .hasMessageContaining("did you mean connections")
        .hasMessageMatching("(?s).*load\\.rate: \"?0\"?.*expected.*")
        .hasMessageMatching("(?s).*load\\.duration: \"soon\".*expected.*")
        .hasMessageMatching("(?s).*feeders\\.users\\.file: \"missing\\.csv\".*expected.*")
        .hasMessageContaining("{{user.id}} to be one of");
  }

  @Test
  void refusesToOpenAheadWhatItCannotKeep() {
    assertThatThrownBy(() -> http("connections: 10, open_ahead: 11"))
        .isInstanceOf(SettingsException.class)
        .hasMessageMatching("(?s).*http\\.open_ahead: \"?11\"?.*expected.*10.*");
    assertThatThrownBy(() -> http("keep_alive: false, open_ahead: 1"))
        .isInstanceOf(SettingsException.class)
        .hasMessageMatching("(?s).*http\\.open_ahead: \"?1\"?.*expected.*keep_alive: true.*");
    assertThat(http("connections: 10, open_ahead: 10").http().openedAhead()).isEqualTo(10);
  }

  private static Plan http(String settings) {
    return PlanReader.read(
        SettingsSource.ofYaml(
            """
            target: http://shop.test/
            load: {rate: 1, duration: 1s}
            http: {%s}
            """
                .formatted(settings)));
  }

  @Test
  void refusesALoadThatWouldSendNothing() {
    assertThat(faultsOf("{rate: 0, duration: 1s}"))
        .singleElement()
        .asString()
        .contains("load.rate: \"0\" given; expected requests a second, more than 0");
    assertThat(faultsOf("{rate: 0.1, duration: 1s}"))
        .singleElement()
        .asString()
        .contains("load.rate: \"0.1\" given; expected at least one request in the whole run");
    assertThat(faultsOf("{stages: [{rate: 0, duration: 1m}]}"))
        .singleElement()
        .asString()
        .contains("load.stages", "expected at least one request in the whole run");
  }

  private static List<String> faultsOf(String load) {
    SettingsSource source =
        SettingsSource.ofYaml("target: http://localhost:9/\nload: " + load + "\n");
    return catchThrowableOfType(SettingsException.class, () -> PlanReader.read(source))
        .faults()
        .stream()
        .map(Object::toString)
        .toList();
  }

  @Test
  void makesAPlanFromFlagsAlone() {
    Plan plan =
        PlanReader.read(
            SettingsSource.of(Map.of())
                .withFlag("target", "http://localhost:9/items/77")
                .withFlag("load.rate", "500")
                .withFlag("load.duration", "3s"));
    assertThat(((OpenLoad) plan.load()).schedule().arrivals()).isEqualTo(1_500);
    assertThat(plan.scenarios().get(0).steps().get(0).name()).isEqualTo("GET /items/{id}");
  }

  @Test
  void readsUsersWhoThink() {
    Plan plan =
        PlanReader.read(
            SettingsSource.ofYaml(
                """
                target: http://localhost:9
                load:
                  users: 40
                  ramp_up: 10s
                  think_time: {least: 1s, most: 2s}
                  duration: 1m
                """));
    assertThat(plan.load())
        .isEqualTo(
            new ClosedLoad(
                40, 10_000_000_000L, 1_000_000_000L, 2_000_000_000L, 60_000_000_000L, 1));
    assertThat(((ClosedLoad) plan.load()).startNanos(20)).isEqualTo(5_000_000_000L);
  }

  @Test
  void strikesSecretsOutOfTheTextItPublishes() {
    assertThat(
            PlanReader.masked(
                """
                a: 1
                headers: x
                  Authorization: Bearer abc
                  password: "{{env.PASSWORD}}"
                  api_token: 'hunter2'
                """))
        .contains("Authorization: \"***\"", "\"{{env.PASSWORD}}\"", "api_token: \"***\"")
        .doesNotContain("abc", "hunter2");
  }

  private Plan shop() throws Exception {
    Files.writeString(folder.resolve("users.csv"), "id,name\n1,Jö & Co\n2,two\n3,three\n");
    Path file = folder.resolve("plan.yaml");
    Files.writeString(file, SHOP);
    return PlanReader.read(SettingsSource.ofFile(file, Map.of("TOKEN", "s3cret")));
  }

  private static String path(Scenario scenario, Session session) {
    String address = scenario.steps().get(0).address(session);
    return address.substring("/api/users/".length(), address.indexOf('?'));
  }

  private static Answer answer(int status, String body) {
    return new Answer(status, 1_000, name -> null, body.getBytes(StandardCharsets.UTF_8));
  }
}
