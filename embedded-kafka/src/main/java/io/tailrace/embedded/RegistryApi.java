package io.tailrace.embedded;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.node.TextNode;
import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpHandler;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry protocol over HTTP: see the <a
 * href="https://docs.confluent.io/platform/current/schema-registry/develop/api.html">reference</a>.
 */
final class RegistryApi implements HttpHandler {
  private static final Logger log = LoggerFactory.getLogger(RegistryApi.class);
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";

  private final SubjectRegistry registry;
  private final List<Route> routes;

  RegistryApi(SubjectRegistry registry) {
    this.registry = registry;
    this.routes =
        List.of(
            route("GET", "/", request -> object()),
            route("GET", "/subjects", this::subjects),
            route("POST", "/subjects/{}", this::lookUp),
            route("DELETE", "/subjects/{}", this::deleteSubject),
            route("GET", "/subjects/{}/versions", this::versions),
            route("POST", "/subjects/{}/versions", this::register),
            route("GET", "/subjects/{}/versions/{}", request -> version(request).shown()),
            route("DELETE", "/subjects/{}/versions/{}", this::deleteVersion),
            route("GET", "/subjects/{}/versions/{}/schema", request -> text(version(request))),
            route("GET", "/subjects/{}/versions/{}/referencedby", this::referencedBy),
            route("GET", "/schemas/types", request -> array().add("AVRO")),
            route("GET", "/schemas/ids/{}", this::schema),
            route("GET", "/schemas/ids/{}/schema", r -> text(registry.schema(r.id(2)))),
            route("GET", "/schemas/ids/{}/versions", this::versionsOfId),
            route("GET", "/schemas/ids/{}/subjects", this::subjectsOfId),
            route("POST", "/compatibility/subjects/{}/versions", this::compatibility),
            route("POST", "/compatibility/subjects/{}/versions/{}", this::compatibility),
            route("GET", "/config", request -> level(registry.level())),
            route("PUT", "/config", this::setLevel),
            route("DELETE", "/config", request -> level(registry.unsetLevel(null))),
            route("GET", "/config/{}", this::levelOfSubject),
            route("PUT", "/config/{}", this::setLevel),
            route("DELETE", "/config/{}", r -> level(registry.unsetLevel(r.subject(1)))),
            route("GET", "/mode", request -> mode(registry.mode())),
            route("PUT", "/mode", this::setMode),
            route("DELETE", "/mode", request -> mode(registry.unsetMode(null))),
            route("GET", "/mode/{}", this::modeOfSubject),
            route("PUT", "/mode/{}", this::setMode),
            route("DELETE", "/mode/{}", r -> mode(registry.unsetMode(r.subject(1)))));
  }

  @Override
  public void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      int status = 200;
      JsonNode answer;
      try {
        answer = answer(RegistryRequest.read(exchange));
      } catch (Refusal refusal) {
        status = refusal.status();
        answer = error(refusal.code(), String.valueOf(refusal.getMessage()));
      } catch (RuntimeException | StackOverflowError e) {
        log.error("{} {} failed", exchange.getRequestMethod(), exchange.getRequestURI(), e);
        status = 500;
        answer = error(500, "Internal error; the log of the registry says more");
      }
      byte[] body = LogRecord.JSON.writeValueAsBytes(answer);
      exchange.getResponseHeaders().set("Content-Type", CONTENT_TYPE);
      exchange.sendResponseHeaders(status, body.length);
      exchange.getResponseBody().write(body);
    }
  }

  private JsonNode answer(RegistryRequest request) {
    boolean pathExists = false;
    for (Route route : routes) {
      if (route.matches(request.segments())) {
        if (route.method().equals(request.method())) {
          return route.answer().apply(request);
        }
        pathExists = true;
      }
    }
    throw pathExists
        ? Refusal.methodNotAllowed(request.method(), request.path())
        : Refusal.noSuchPath(request.path());
  }

  private JsonNode subjects(RegistryRequest request) {
    ArrayNode names = array();
    String prefix = request.query().getOrDefault("subjectPrefix", "");
    registry.subjects(request.isSet("deleted")).stream()
        .filter(subject -> subject.startsWith(prefix))
        .forEach(names::add);
    return names;
  }

  private JsonNode lookUp(RegistryRequest request) {
    return registry.lookUp(request.subject(1), request.schema(), request.isSet("deleted")).shown();
  }

  private JsonNode register(RegistryRequest request) {
    return object().put("id", registry.register(request.subject(1), request.schema()));
  }

  private JsonNode versions(RegistryRequest request) {
    ArrayNode numbers = array();
    registry
        .versions(request.subject(1), request.isSet("deleted"))
        .forEach(version -> numbers.add(version.version()));
    return numbers;
  }

  private SchemaVersion version(RegistryRequest request) {
    return registry.version(
        request.subject(1), request.segments().get(3), request.isSet("deleted"));
  }

  private JsonNode deleteSubject(RegistryRequest request) {
    refusePermanentDeletion(request);
    ArrayNode numbers = array();
    registry.deleteSubject(request.subject(1)).forEach(numbers::add);
    return numbers;
  }

  private JsonNode deleteVersion(RegistryRequest request) {
    refusePermanentDeletion(request);
    int deleted = registry.deleteVersion(request.subject(1), request.segments().get(3));
    return LogRecord.JSON.getNodeFactory().numberNode(deleted);
  }

  private JsonNode referencedBy(RegistryRequest request) {
    version(request);
    return array();
  }

  private JsonNode schema(RegistryRequest request) {
    ObjectNode answer = registry.schema(request.id(2)).shown();
    answer.remove(List.of("subject", "version", "id"));
    return answer;
  }

  private JsonNode versionsOfId(RegistryRequest request) {
    ArrayNode uses = array();
    for (SchemaVersion use : registry.usesOf(request.id(2), request.isSet("deleted"))) {
      uses.addObject().put("subject", use.subject()).put("version", use.version());
    }
    return uses;
  }

  private JsonNode subjectsOfId(RegistryRequest request) {
    ArrayNode names = array();
    registry.usesOf(request.id(2), request.isSet("deleted")).stream()
        .map(SchemaVersion::subject)
        .distinct()
        .forEach(names::add);
    return names;
  }

  private JsonNode compatibility(RegistryRequest request) {
    String version = request.segments().size() > 4 ? request.segments().get(4) : null;
    List<String> violations =
        registry.incompatibilities(request.subject(2), version, request.schema());
    ObjectNode answer = object().put("is_compatible", violations.isEmpty());
    if (request.isSet("verbose")) {
      ArrayNode messages = answer.putArray("messages");
      violations.forEach(messages::add);
    }
    return answer;
  }

  private JsonNode levelOfSubject(RegistryRequest request) {
    return level(registry.level(request.subject(1), request.isSet("defaultToGlobal")));
  }

  private JsonNode setLevel(RegistryRequest request) {
    CompatibilityLevel level = request.level();
    registry.setLevel(request.segments().size() > 1 ? request.subject(1) : null, level);
    // The protocol names it so in the answer to PUT alone.
    return object().put("compatibility", level.name());
  }

  private JsonNode modeOfSubject(RegistryRequest request) {
    return mode(registry.mode(request.subject(1), request.isSet("defaultToGlobal")));
  }

  private JsonNode setMode(RegistryRequest request) {
    RegistryMode mode = request.mode();
    registry.setMode(request.segments().size() > 1 ? request.subject(1) : null, mode);
    return mode(mode);
  }

  private static void refusePermanentDeletion(RegistryRequest request) {
    if (request.isSet("permanent")) {
      throw Refusal.notPermitted(
          "Schemas are not deleted for good: records written with their ids may still be read");
    }
  }

  private static ObjectNode level(CompatibilityLevel level) {
    return object().put("compatibilityLevel", level.name());
  }

  private static ObjectNode mode(RegistryMode mode) {
    return object().put("mode", mode.name());
  }

  private static ObjectNode error(int code, String message) {
    return object().put("error_code", code).put("message", message);
  }

  /** The schema itself as the answer, not as a text in it. */
  private static JsonNode text(SchemaVersion version) {
    try {
      return LogRecord.JSON.readTree(version.schema());
    } catch (IOException e) {
      return TextNode.valueOf(version.schema());
    }
  }

  private static ObjectNode object() {
    return LogRecord.JSON.createObjectNode();
  }

  private static ArrayNode array() {
    return LogRecord.JSON.createArrayNode();
  }

  private static Route route(
      String method, String path, Function<RegistryRequest, JsonNode> answer) {
    List<String> segments =
        path.equals("/") ? List.of() : List.of(path.substring(1).split("/", -1));
    return new Route(method, segments, answer);
  }

  private record Route(
      String method, List<String> pattern, Function<RegistryRequest, JsonNode> answer) {
    boolean matches(List<String> segments) {
      if (segments.size() != pattern.size()) {
        return false;
      }
      for (int i = 0; i < pattern.size(); i++) {
        if (!pattern.get(i).equals("{}") && !pattern.get(i).equals(segments.get(i))) {
          return false;
        }
      }
      return true;
    }
  }
}
