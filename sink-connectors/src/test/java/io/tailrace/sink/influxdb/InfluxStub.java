package io.tailrace.sink.influxdb;

import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * InfluxDB as its documentation describes it: it takes line protocol, stores a point once for each
 * measurement, tags and time, and refuses everything it was not taught.
 */
final class InfluxStub {
  private static final String NAME = "(?:[^,= \\\\\\n]|\\\\[^\\n])+";
  private static final String VALUE =
      "(?:-?\\d+i|-?\\d+\\.\\d+(?:E-?\\d+)?|true|false|\"(?:[^\"\\\\]|\\\\[\"\\\\])*\")";
  private static final Pattern LINE =
      Pattern.compile(
          "(?<point>(?:[^, #\\\\\\n]|\\\\[^\\n])(?:[^, \\\\\\n]|\\\\[^\\n])*(?:,%s=%s)*)"
                  .formatted(NAME, NAME)
              + " (?<fields>%s=%s(?:,%s=%s)*) (?<time>\\d{1,19})"
                  .formatted(NAME, VALUE, NAME, VALUE));

  private final Map<String, String> points = new TreeMap<>();
  private final Set<String> refused = new HashSet<>();
  private boolean databaseExists;

  /** The points, each by measurement, tags and time, with its number of requests. */
  synchronized List<String> points() {
    List<String> all = new ArrayList<>();
    points.forEach((point, requests) -> all.add(point + " " + requests));
    return all;
  }

  /** From now on the field of the points at this time has another type in the database. */
  synchronized void refuse(long time) {
    refused.add(" " + time);
  }

  /** InfluxDB 1: database load, retention of thirty days, user me. */
  synchronized Answer one(Request request, String authorization) {
    if (!request.header("authorization").equals(authorization)) {
      return Answer.json(401, "{\"error\":\"authorization failed\"}");
    }
    if (request.is("POST", "/query") && request.query().isEmpty()) {
      return query(request);
    }
    if (!request.is("POST", "/write") || !request.query().equals("db=load&precision=u&rp=30d")) {
      return Answer.untaught(404, "404 page not found");
    }
    if (!databaseExists) {
      return Answer.json(404, "{\"error\":\"database not found: \\\"load\\\"\"}");
    }
    List<String> bad = store(request);
    return bad.isEmpty()
        ? Answer.of(204, "")
        : Answer.json(
            400,
            "{\"error\":\"partial write: field type conflict: input field \\\"requests\\\" on"
                + " measurement \\\"load\\\" is type integer, already exists as type float"
                + " dropped=%d\"}".formatted(bad.size()));
  }

  private Answer query(Request request) {
    String form = URLDecoder.decode(request.text(), StandardCharsets.UTF_8);
    switch (form) {
      case "q=SHOW RETENTION POLICIES ON \"load\"" -> {
        return Answer.json(
            200,
            databaseExists
                ? "{\"results\":[{\"statement_id\":0,\"series\":[{\"columns\":[\"name\"],"
                    + "\"values\":[[\"30d\",\"720h0m0s\",\"24h0m0s\",1,true]]}]}]}"
                : "{\"results\":[{\"statement_id\":0,\"error\":\"database not found: load\"}]}");
      }
      case "q=CREATE DATABASE \"load\" WITH DURATION 30d REPLICATION 1 NAME \"30d\"" -> {
        databaseExists = true;
        return Answer.json(200, "{\"results\":[{\"statement_id\":0}]}");
      }
      default -> {
        return Answer.untaught(400, "{\"error\":\"error parsing query: " + form.length() + "\"}");
      }
    }
  }

  /**
   * InfluxDB 2: organisation acme, bucket load; a line that cannot be parsed refuses the body, a
   * conflict of types its points.
   */
  synchronized Answer two(Request request, String authorization) {
    if (!request.is("POST", "/api/v2/write")
        || !request.header("content-type").equals("text/plain; charset=utf-8")) {
      return Answer.untaught(404, "{\"code\":\"not found\",\"message\":\"path not found\"}");
    }
    if (!request.header("authorization").equals(authorization)) {
      return Answer.json(401, "{\"code\":\"unauthorized\",\"message\":\"unauthorized access\"}");
    }
    if (!request.query().equals("org=acme&bucket=load%20tests&precision=us")) {
      return Answer.untaught(
          404, "{\"code\":\"not found\",\"message\":\"bucket \\\"x\\\" not found\"}");
    }
    if (request.body().length == 0) {
      return Answer.json(400, "{\"code\":\"invalid\",\"message\":\"writing requires points\"}");
    }
    List<String> bad = store(request);
    return bad.isEmpty()
        ? Answer.of(204, "")
        : Answer.json(
            422,
            "{\"code\":\"unprocessable entity\",\"message\":\"failure writing points to database:"
                + " partial write: field type conflict dropped=%d\"}".formatted(bad.size()));
  }

  private List<String> store(Request request) {
    List<String> bad = new ArrayList<>();
    for (String line : request.text().split("\n", -1)) {
      if (line.isEmpty()) {
        continue;
      }
      var parts = LINE.matcher(line);
      if (!parts.matches()) {
        throw new AssertionError("not line protocol: " + line);
      }
      String time = " " + parts.group("time");
      if (refused.contains(time)) {
        bad.add(line);
      } else {
        points.put(parts.group("point") + time, requests(parts.group("fields")));
      }
    }
    assertWhole(request);
    return bad;
  }

  private static void assertWhole(Request request) {
    if (!request.text().isEmpty() && !request.text().endsWith("\n")) {
      throw new AssertionError("the last line does not end");
    }
  }

  private static String requests(String fields) {
    @Nullable String found = null;
    for (String field : fields.split(",", -1)) {
      if (field.startsWith("requests=")) {
        found = field.substring("requests=".length());
      }
    }
    return String.valueOf(found);
  }
}
