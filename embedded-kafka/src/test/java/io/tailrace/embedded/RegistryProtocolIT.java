package io.tailrace.embedded;

import static io.tailrace.embedded.RegistryProbe.body;
import static io.tailrace.embedded.RegistryProbe.record;
import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.embedded.RegistryProbe.Answer;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeSet;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Holds our registry to the answers another implementation of the protocol gives. */
class RegistryProtocolIT {
  private static final String ONE = body(record("S", "a:long"));
  private static final String OPTIONAL = body(record("S", "a:long", "b:string?"));
  private static final String OTHER_TYPE = body(record("S", "a:string"));
  private static final String REQUIRED = body(record("S", "a:long", "c:string"));
  private static final String NAMELESS = body("{\"type\":\"record\"}");

  private static EmbeddedKafka broker;
  private static SchemaRegistryServer registry;

  @BeforeAll
  static void start() {
    broker = EmbeddedKafka.start();
    registry = SchemaRegistryServer.start(broker.bootstrapServers(), 0);
  }

  @AfterAll
  static void stop() {
    registry.close();
    broker.close();
  }

  /**
   * In a path, {@code #n} stands for the n-th id that was handed out, and {@code ~} begins the
   * names of this run's subjects: a registry may have others.
   */
  private record Step(String method, String path, String body) {
    static Step of(String method, String path) {
      return new Step(method, path, "");
    }

    @Override
    public String toString() {
      return method + " " + path + " " + body;
    }
  }

  private static final List<Step> SCRIPT =
      List.of(
          new Step("PUT", "/config", "{\"compatibility\":\"BACKWARD\"}"),
          Step.of("GET", "/config"),
          Step.of("GET", "/subjects"),
          // Nothing is there yet.
          Step.of("GET", "/schemas/ids/4711"),
          Step.of("GET", "/schemas/ids/4711/versions"),
          Step.of("GET", "/subjects/~t-value/versions"),
          Step.of("GET", "/subjects/~t-value/versions/1"),
          Step.of("GET", "/subjects/~t-value/versions/latest"),
          new Step("POST", "/subjects/~t-value", ONE),
          Step.of("DELETE", "/subjects/~t-value"),
          Step.of("DELETE", "/subjects/~t-value/versions/1"),
          // Registering, and again, and elsewhere.
          new Step("POST", "/subjects/~t-value/versions", ONE),
          new Step("POST", "/subjects/~t-value/versions", ONE),
          new Step("POST", "/subjects/~u-value/versions", ONE),
          new Step("POST", "/subjects/~prim-value/versions", body("\"string\"")),
          new Step("POST", "/subjects/~x%2Fy-value/versions", ONE),
          Step.of("GET", "/subjects"),
          Step.of("GET", "/subjects/~x%2Fy-value/versions"),
          Step.of("GET", "/subjects/~t-value/versions"),
          Step.of("GET", "/subjects/~t-value/versions/1"),
          Step.of("GET", "/subjects/~t-value/versions/latest"),
          Step.of("GET", "/subjects/~t-value/versions/-1"),
          Step.of("GET", "/subjects/~t-value/versions/2"),
          Step.of("GET", "/subjects/~t-value/versions/1/schema"),
          Step.of("GET", "/subjects/~t-value/versions/1/referencedby"),
          Step.of("GET", "/schemas/ids/#1"),
          Step.of("GET", "/schemas/ids/#1/schema"),
          Step.of("GET", "/schemas/ids/#1/versions"),
          new Step("POST", "/subjects/~t-value", ONE),
          new Step("POST", "/subjects/~t-value", OPTIONAL),
          new Step("POST", "/subjects/~nobody-value", ONE),
          // What may follow, and what may not.
          new Step("POST", "/compatibility/subjects/~t-value/versions/latest", OPTIONAL),
          new Step("POST", "/compatibility/subjects/~t-value/versions/latest", OTHER_TYPE),
          new Step("POST", "/compatibility/subjects/~t-value/versions/1", REQUIRED),
          new Step("POST", "/compatibility/subjects/~t-value/versions", OTHER_TYPE),
          new Step("POST", "/compatibility/subjects/~t-value/versions/7", ONE),
          new Step("POST", "/compatibility/subjects/~nobody-value/versions/latest", ONE),
          new Step("POST", "/subjects/~t-value/versions", OTHER_TYPE),
          new Step("POST", "/subjects/~t-value/versions", REQUIRED),
          new Step("POST", "/subjects/~t-value/versions", OPTIONAL),
          Step.of("GET", "/subjects/~t-value/versions"),
          new Step("PUT", "/config/~t-value", "{\"compatibility\":\"FULL_TRANSITIVE\"}"),
          Step.of("GET", "/config/~t-value"),
          new Step("POST", "/subjects/~t-value/versions", REQUIRED),
          new Step("PUT", "/config/~t-value", "{\"compatibility\":\"FORWARD\"}"),
          new Step("POST", "/subjects/~t-value/versions", REQUIRED),
          Step.of("DELETE", "/config/~t-value"),
          // What is no schema, and no request.
          new Step("POST", "/subjects/~t-value/versions", body("not a schema")),
          new Step("POST", "/subjects/~t-value/versions", NAMELESS),
          new Step("POST", "/subjects/~t-value/versions", "not JSON"),
          new Step("POST", "/subjects/~t-value/versions", "[]"),
          new Step("PUT", "/config", "not JSON"),
          Step.of("GET", "/nowhere"),
          Step.of("PATCH", "/subjects"),
          // Deleting, and what is left then.
          Step.of("DELETE", "/subjects/~t-value/versions/1"),
          Step.of("GET", "/subjects/~t-value/versions"),
          Step.of("GET", "/subjects/~t-value/versions?deleted=true"),
          Step.of("GET", "/subjects/~t-value/versions/1"),
          Step.of("DELETE", "/subjects/~t-value/versions/99"),
          Step.of("GET", "/schemas/ids/#1"),
          Step.of("DELETE", "/subjects/~t-value"),
          Step.of("DELETE", "/subjects/~t-value"),
          Step.of("GET", "/subjects"),
          Step.of("GET", "/subjects?deleted=true"),
          Step.of("GET", "/subjects/~t-value/versions"),
          Step.of("GET", "/schemas/ids/#1"),
          new Step("POST", "/subjects/~t-value/versions", OPTIONAL),
          Step.of("GET", "/subjects/~t-value/versions"),
          Step.of("DELETE", "/subjects/~nobody-value"));

  @Test
  void answersEveryRequestAsApicurioDoes() {
    Run ours = new Run(new RegistryProbe(registry.url()));
    Run apicurios = new Run(new RegistryProbe(ApicurioProcess.shared().url()));
    List<String> differences = new ArrayList<>();
    for (Step step : SCRIPT) {
      String our = ours.answer(step);
      String apicurio = apicurios.answer(step);
      if (!our.equals(apicurio)) {
        differences.add("%s%n  ours:     %s%n  Apicurio: %s".formatted(step, our, apicurio));
      }
    }
    assertThat(differences).isEmpty();
  }

  /** Apicurio departs from Confluent's documented answers here; ours keep to them. */
  @Test
  void keepsToTheReferenceWhereApicurioDoesNot() {
    RegistryProbe ours = new RegistryProbe(registry.url());
    RegistryProbe apicurio = new RegistryProbe(ApicurioProcess.shared().url());
    for (RegistryProbe probe : List.of(ours, apicurio)) {
      probe.register("differing-value", record("S", "a:long"));
    }
    Step noSuchVersion = Step.of("GET", "/subjects/differing-value/versions/abc");
    Step noSuchLevel = new Step("PUT", "/config", "{\"compatibility\":\"SIDEWAYS\"}");
    Step noLevelOfItsOwn = Step.of("GET", "/config/differing-value");
    Step mode = Step.of("GET", "/mode");

    assertThat(status(ours, noSuchVersion)).isEqualTo("422 42202");
    assertThat(status(apicurio, noSuchVersion)).isEqualTo("404 40402");
    assertThat(status(ours, noSuchLevel)).isEqualTo("422 42203");
    assertThat(status(apicurio, noSuchLevel)).isEqualTo("500 0");
    assertThat(status(ours, noLevelOfItsOwn)).isEqualTo("404 40408");
    assertThat(status(apicurio, noLevelOfItsOwn)).isEqualTo("200 0");
    assertThat(status(ours, mode)).isEqualTo("200 0");
    assertThat(status(apicurio, mode)).isEqualTo("404 0");
  }

  private static String status(RegistryProbe probe, Step step) {
    Answer answer = probe.send(step.method(), step.path(), step.body());
    return answer.status() + " " + answer.errorCode();
  }

  /** One pass through the script: answers are shown without what the protocol leaves open. */
  private static final class Run {
    private final RegistryProbe probe;
    private final List<Integer> ids = new ArrayList<>();
    private final String prefix = TestKafka.shared().uniqueName("script") + "-";

    Run(RegistryProbe probe) {
      this.probe = probe;
    }

    String answer(Step step) {
      String path = step.path().replace("~", prefix);
      int mark = path.indexOf('#');
      if (mark >= 0) {
        int number = path.charAt(mark + 1) - '0';
        path = path.replace("#" + number, String.valueOf(ids.get(number - 1)));
      }
      Answer answer = probe.send(step.method(), path, step.body());
      if (answer.status() >= 400) {
        boolean explained = answer.errorCode() > 999;
        return answer.status() + (explained ? " " + answer.errorCode() : "");
      }
      return answer.status() + " " + comparable(answer.body());
    }

    private JsonNode comparable(JsonNode body) {
      if (body instanceof ObjectNode object) {
        return comparable(object);
      }
      if (body instanceof ArrayNode array && !array.path(0).isInt()) {
        TreeSet<String> ours = new TreeSet<>();
        array.forEach(element -> ours.add(element.toString()));
        ours.removeIf(element -> !element.contains(prefix));
        array.removeAll();
        ours.forEach(element -> array.add(element.replace(prefix, "~")));
      }
      return body;
    }

    private JsonNode comparable(ObjectNode object) {
      if (object.path("id").isInt()) {
        int id = object.path("id").intValue();
        if (!ids.contains(id)) {
          ids.add(id);
        }
        object.put("id", "#" + (ids.indexOf(id) + 1));
      }
      if (object.path("subject").isTextual()) {
        object.put("subject", object.path("subject").textValue().replace(prefix, "~"));
      }
      // Left out when it is what everybody assumes, or said all the same.
      if (object.path("schemaType").asText().equals("AVRO")) {
        object.remove("schemaType");
      }
      if (object.path("references").isEmpty()) {
        object.remove("references");
      }
      // The answer to PUT /config has had both names.
      JsonNode level = object.remove("compatibility");
      if (level != null) {
        object.set("compatibilityLevel", level);
      }
      return object;
    }
  }
}
