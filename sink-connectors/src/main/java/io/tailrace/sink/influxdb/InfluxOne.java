package io.tailrace.sink.influxdb;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.influxdb.InfluxConfig.Place;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;

/**
 * InfluxDB 1: {@code /write} into a database and a retention policy, which are created when they
 * are missing and the user may.
 */
final class InfluxOne implements WriteApi {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Pattern DURATION = Pattern.compile("(\\d+(ns|u|µ|ms|s|m|h|d|w))+|inf");
  private static final Pattern DROPPED = Pattern.compile("partial write: (.*) dropped=(\\d+)$");

  /** What a server holds against whatever comes, until somebody raises the limit. */
  private static final Pattern LIMIT = Pattern.compile("max-(series|values)-per-\\w+ limit");

  private final HttpTarget target;
  private final Place.Database place;
  private volatile boolean prepared;
  private volatile boolean mayLook = true;

  InfluxOne(HttpTarget target, Place.Database place) {
    this.target =
        place.user().isEmpty() ? target : target.withBasic(place.user().get(), place.password());
    this.place = place;
  }

  @Override
  public Delivery prepare(Instant now) throws IOException, InterruptedException {
    if (prepared || !mayLook) {
      return Delivery.accepted();
    }
    synchronized (this) {
      Delivery made = prepared ? Delivery.accepted() : create(now);
      prepared = made instanceof Delivery.Accepted;
      return made;
    }
  }

  /** Looks what there is and creates what is not; two sinks may do so at the same time. */
  private Delivery create(Instant now) throws IOException, InterruptedException {
    Answer policies = query("SHOW RETENTION POLICIES ON " + quoted(place.name()));
    if (policies.isForbidden()) {
      // Users who may only write cannot look: then writing will tell.
      mayLook = false;
      return Delivery.accepted();
    }
    if (policies.http().status() == 400) {
      // Whatever does not understand this may understand a write: that will tell.
      return Delivery.accepted();
    }
    Optional<String> policy = place.retentionPolicy();
    if (policies.error().startsWith("database not found")) {
      return created("CREATE DATABASE " + quoted(place.name()) + lasting(), now);
    }
    if (!policies.isGood() || policy.isEmpty() || policies.names().contains(policy.get())) {
      return policies.delivery(now);
    }
    if (!DURATION.matcher(policy.get()).matches()) {
      return new Delivery.Misconfigured(
          "database %s has no retention policy %s; name one that exists, or a duration such as 30d"
              .formatted(place.name(), policy.get()));
    }
    // Not the default of a database that others may be using already.
    return created(
        "CREATE RETENTION POLICY %s ON %s DURATION %s REPLICATION 1"
            .formatted(quoted(policy.get()), quoted(place.name()), policy.get()),
        now);
  }

  private String lasting() {
    return place
        .retentionPolicy()
        .filter(policy -> DURATION.matcher(policy).matches())
        .map(policy -> " WITH DURATION %s REPLICATION 1 NAME %s".formatted(policy, quoted(policy)))
        .orElse("");
  }

  private Delivery created(String statement, Instant now) throws IOException, InterruptedException {
    Answer answer = query(statement);
    if (answer.isForbidden()) {
      return new Delivery.Misconfigured(
          "the user may not create what is missing; have an administrator run: " + statement);
    }
    // Where a database is left without its policy, the next look finds the database.
    boolean policyMissing =
        statement.startsWith("CREATE DATABASE")
            && place.retentionPolicy().isPresent()
            && lasting().isEmpty();
    return policyMissing && answer.isGood()
        ? Delivery.retry("created database " + place.name())
        : answer.delivery(now);
  }

  private Answer query(String statement) throws IOException, InterruptedException {
    String form = "q=" + HttpCall.encoded(statement);
    HttpAnswer answer =
        target.send(HttpCall.post("/query", "application/x-www-form-urlencoded", form));
    try {
      return new Answer(answer, JSON.readTree(answer.body()));
    } catch (JsonProcessingException e) {
      return new Answer(answer, JSON.missingNode());
    }
  }

  /** What InfluxQL answers: errors come with any status, also with 200. */
  private record Answer(HttpAnswer http, JsonNode body) {
    String error() {
      JsonNode result = body.at("/results/0/error");
      return result.isMissingNode() ? body.path("error").asText() : result.asText();
    }

    boolean isGood() {
      return http.isSuccess() && error().isEmpty() && body.path("results").isArray();
    }

    boolean isForbidden() {
      return http.status() == 403 || error().contains("not authorized");
    }

    List<String> names() {
      List<String> names = new ArrayList<>();
      body.at("/results/0/series/0/values").forEach(row -> names.add(row.path(0).asText()));
      return names;
    }

    Delivery delivery(Instant now) {
      if (isGood()) {
        return Delivery.accepted();
      }
      return http.isSuccess() || http.status() == 400
          ? new Delivery.Misconfigured(http.brief())
          : http.delivery(now);
    }
  }

  @Override
  public HttpAnswer write(byte[] lines) throws IOException, InterruptedException {
    HttpCall call =
        HttpCall.post("/write", "text/plain; charset=utf-8", lines)
            .withQuery("db", place.name())
            .withQuery("precision", "u");
    return target.send(
        place.retentionPolicy().isPresent()
            ? call.withQuery("rp", place.retentionPolicy().get())
            : call);
  }

  @Override
  public Delivery classify(HttpAnswer answer, int points, Instant now) {
    String error = error(answer);
    if (answer.status() == 400) {
      return refused(error, answer, points);
    }
    boolean noPolicy = answer.status() == 500 && error.startsWith("retention policy not found");
    if (noPolicy || (answer.status() == 404 && error.startsWith("database not found"))) {
      // Somebody removed it, or it never was.
      prepared = false;
      return mayLook
          ? Delivery.retry(answer.brief())
          : new Delivery.Misconfigured(answer.brief() + "; the user may not create it");
    }
    return answer.delivery(now);
  }

  private static Delivery refused(String error, HttpAnswer answer, int points) {
    if (LIMIT.matcher(error).find()) {
      return new Delivery.Misconfigured(answer.brief());
    }
    Matcher partial = DROPPED.matcher(error);
    if (partial.find() && partial.group(2).equals(Integer.toString(points))) {
      return new Delivery.PartlyRejected(
          IntStream.range(0, points)
              .mapToObj(point -> new Delivery.Rejection(point, partial.group(1)))
              .toList());
    }
    // Which of the points it was is not said; the others are stored, and may come again.
    return new Delivery.Rejected(answer.brief());
  }

  private static String error(HttpAnswer answer) {
    try {
      return JSON.readTree(answer.body()).path("error").asText();
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public Delivery check(Instant now) throws IOException, InterruptedException {
    Answer policies = query("SHOW RETENTION POLICIES ON " + quoted(place.name()));
    if (policies.isForbidden()) {
      // Nothing is written, but whether it might be is decided.
      return write(new byte[0]).delivery(now);
    }
    // What is missing will be created.
    return policies.error().startsWith("database not found")
        ? Delivery.accepted()
        : policies.delivery(now);
  }

  private static String quoted(String name) {
    return '"' + name.replace("\\", "\\\\").replace("\"", "\\\"") + '"';
  }
}
