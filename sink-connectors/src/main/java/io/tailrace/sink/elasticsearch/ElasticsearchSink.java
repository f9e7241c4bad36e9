package io.tailrace.sink.elasticsearch;

import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.elasticsearch.ElasticsearchConfig.Authentication;
import java.io.IOException;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Sends a batch as one or more {@code _bulk} requests. What a server has answered for good is kept
 * until its batch is through, so that only the rest is sent again.
 */
final class ElasticsearchSink implements Sink {
  /** Servers refuse more than 100 MB; they are quickest with a few. */
  private static final int BODY_BYTES = 8 << 20;

  private static final String NDJSON = "application/x-ndjson";
  private static final HttpCall BULK =
      HttpCall.of("POST", "/_bulk").withQuery("filter_path", "errors,items.*.status,items.*.error");

  private final Cluster cluster;
  private final Documents documents;
  private final Clock clock;
  private final Map<String, Answers> unfinished = new ConcurrentHashMap<>();

  ElasticsearchSink(ElasticsearchConfig config, SinkContext context) {
    this.clock = context.clock();
    this.documents = new Documents(config, context.shape());
    List<HttpTarget> hosts =
        config.hosts().stream()
            .map(host -> authenticated(context.http().target(host), config.authentication()))
            .toList();
    this.cluster = new Cluster(hosts, config);
  }

  private static HttpTarget authenticated(HttpTarget target, Authentication authentication) {
    if (authentication instanceof Authentication.Basic basic) {
      return target.withBasic(basic.user(), basic.password());
    }
    return authentication instanceof Authentication.ApiKey key
        ? target.withHeader("Authorization", "ApiKey " + key.key().reveal())
        : target;
  }

  @Override
  public Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
    Delivery ready = cluster.prepare(clock.instant());
    if (!(ready instanceof Delivery.Accepted)) {
      return ready;
    }
    Cluster.Prepared server = cluster.prepared().orElseThrow();
    String partition = partition(batch);
    Answers answers = unfinished.computeIfAbsent(partition, unused -> new Answers());
    answers.begin(batch);
    int next = 0;
    while (next < batch.size()) {
      BulkBody body = new BulkBody(server.server().isTyped());
      DocumentEncoder encoder = new DocumentEncoder(server.histograms());
      int first = next;
      while (next < batch.size() && body.size() < BODY_BYTES) {
        if (!answers.isFinal(batch.get(next))) {
          documents.add(body, encoder, next, batch.get(next));
        }
        next++;
      }
      if (!body.isEmpty()) {
        HttpAnswer answer = cluster.send(BULK.withBody(NDJSON, body.toBytes()));
        if (!answer.isSuccess()) {
          return answer.delivery(clock.instant());
        }
        BulkAnswer read = BulkAnswer.read(answer.body(), body.owners());
        answers.note(batch.subList(first, next), first, read);
      }
    }
    Delivery delivery = answers.delivery(batch);
    if (delivery instanceof Delivery.Accepted || delivery instanceof Delivery.PartlyRejected) {
      unfinished.remove(partition);
    }
    return delivery;
  }

  private static String partition(List<Item> batch) {
    var origin = batch.get(0).origin();
    return origin.topic() + "-" + origin.partition();
  }

  @Override
  public void check() throws IOException, InterruptedException {
    cluster.check();
  }

  @Override
  public void close() {}
}
