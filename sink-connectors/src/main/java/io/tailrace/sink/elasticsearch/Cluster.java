package io.tailrace.sink.elasticsearch;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpFailure;
import io.tailrace.sink.core.http.HttpTarget;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** The servers of one cluster: whoever answers is asked, and told once what indices look like. */
final class Cluster {
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final String NO_HISTOGRAMS = "No handler for type [histogram]";

  private final List<HttpTarget> hosts;
  private final ElasticsearchConfig config;
  private volatile int current;
  private volatile Optional<Prepared> prepared = Optional.empty();

  /**
   * @param histograms whether this server has a field for them, and they are wanted
   */
  record Prepared(Server server, boolean histograms) {}

  Cluster(List<HttpTarget> hosts, ElasticsearchConfig config) {
    this.hosts = hosts;
    this.config = config;
  }

  Optional<Prepared> prepared() {
    return prepared;
  }

  /**
   * Asks the server what it is and puts the templates; what it answers but accepted ends the
   * attempt.
   */
  synchronized Delivery prepare(Instant now) throws IOException, InterruptedException {
    if (prepared.isPresent()) {
      return Delivery.accepted();
    }
    HttpAnswer root = send(HttpCall.get("/"));
    if (!root.isSuccess()) {
      return root.delivery(now);
    }
    Server server = server(root);
    boolean histograms =
        config.histograms() && config.mappings().isEmpty() && server.mayHaveHistograms();
    if (!config.templates()) {
      prepared = Optional.of(new Prepared(server, false));
      return Delivery.accepted();
    }
    HttpAnswer put = putMain(server, histograms);
    if (histograms && put.status() == 400 && put.text().contains(NO_HISTOGRAMS)) {
      histograms = false;
      put = putMain(server, false);
    }
    for (String other : otherPatterns()) {
      if (put.isSuccess()) {
        put = put(server, other, IndexTemplate.mappings(false));
      }
    }
    if (put.isSuccess()) {
      prepared = Optional.of(new Prepared(server, histograms));
      return Delivery.accepted();
    }
    return put.status() == 400 || put.status() == 403
        ? new Delivery.Misconfigured(
            "cannot put an index template: %s; mend mappings, or set templates: false"
                .formatted(put.brief()))
        : put.delivery(now);
  }

  private Set<String> otherPatterns() {
    Set<String> patterns = new LinkedHashSet<>();
    if (config.events()) {
      patterns.add(IndexName.pattern(config.violationsIndex().toString()));
      patterns.add(IndexName.pattern(config.eventsIndex().toString()));
      patterns.add(IndexName.pattern(config.summariesIndex().toString()));
      patterns.remove(IndexName.pattern(config.index().toString()));
    }
    return patterns;
  }

  private HttpAnswer putMain(Server server, boolean histograms)
      throws IOException, InterruptedException {
    return put(
        server,
        IndexName.pattern(config.index().toString()),
        config.mappings().isEmpty()
            ? IndexTemplate.mappings(histograms)
            : IndexTemplate.mappings(config.mappings()));
  }

  private HttpAnswer put(Server server, String pattern, ObjectNode mappings)
      throws IOException, InterruptedException {
    String name = "tailrace-" + pattern.replace("*", "x");
    String body = IndexTemplate.body(server, pattern, mappings).toString();
    return send(
        HttpCall.put(
            IndexTemplate.path(server, HttpCall.encoded(name)),
            "application/json",
            body.getBytes(StandardCharsets.UTF_8)));
  }

  /** From the first server that answers; an error that says to come again moves on to the next. */
  HttpAnswer send(HttpCall call) throws IOException, InterruptedException {
    int first = current;
    HttpFailure failure = null;
    for (int i = 0; i < hosts.size(); i++) {
      int at = (first + i) % hosts.size();
      try {
        HttpAnswer answer = hosts.get(at).send(call);
        current = answer.status() >= 500 ? (at + 1) % hosts.size() : at;
        return answer;
      } catch (HttpFailure e) {
        // It may have been received: what is sent may be sent twice.
        failure = e;
        current = (at + 1) % hosts.size();
      }
    }
    throw failure == null ? new IOException("no hosts") : failure;
  }

  void check() throws IOException, InterruptedException {
    HttpAnswer root = send(HttpCall.get("/"));
    if (!root.isSuccess()) {
      throw new IOException(root.brief());
    }
    Server unused = server(root);
  }

  private static Server server(HttpAnswer root) throws IOException {
    try {
      return Server.of(JSON.readTree(root.body()));
    } catch (JsonProcessingException | IllegalArgumentException e) {
      throw new IOException("not the answer of Elasticsearch or OpenSearch: " + root.brief(), e);
    }
  }
}
