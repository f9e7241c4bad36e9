package io.tailrace.sink.influxdb;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Violation;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.template.Template;
import io.tailrace.sink.core.template.TemplateModel;
import io.tailrace.sink.core.template.WindowTexts;
import io.tailrace.sink.influxdb.InfluxConfig.Place;
import java.io.IOException;
import java.time.Clock;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/** Writes a batch as one body of points. */
final class InfluxSink implements Sink {
  /** Stands for the measurement among the tags: no tag may be called so. */
  private static final String MEASUREMENT = "_measurement";

  private final WriteApi api;
  private final WindowTexts texts;
  private final MetricShape shape;
  private final Clock clock;
  // As many as there are attempts at once.
  private final Queue<PointEncoder> encoders = new ConcurrentLinkedQueue<>();

  InfluxSink(InfluxConfig config, SinkContext context) {
    this.api = api(config, context);
    this.clock = context.clock();
    this.shape = context.shape();
    Map<String, Template> templates = new LinkedHashMap<>(config.tags());
    templates.put(MEASUREMENT, config.measurement());
    this.texts = new WindowTexts(templates);
  }

  private static WriteApi api(InfluxConfig config, SinkContext context) {
    var target = context.http().target(config.url());
    return config.place() instanceof Place.Bucket bucket
        ? new InfluxTwo(target, bucket)
        : new InfluxOne(target, (Place.Database) config.place());
  }

  @Override
  public Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
    Delivery prepared = api.prepare(clock.instant());
    if (!(prepared instanceof Delivery.Accepted)) {
      return prepared;
    }
    HttpAnswer answer = api.write(body(batch));
    return api.classify(answer, batch.size(), clock.instant());
  }

  private byte[] body(List<Item> batch) {
    PointEncoder idle = encoders.poll();
    PointEncoder points = idle == null ? new PointEncoder() : idle;
    points.clear();
    batch.forEach(item -> encode(points, item));
    byte[] body = points.toByteArray();
    if (points.isSmall()) {
      encoders.add(points);
    }
    return body;
  }

  private void encode(PointEncoder points, Item item) {
    switch (item.feed()) {
      case AGGREGATES -> {
        Aggregate aggregate = item.as(Aggregate.class);
        Map<String, String> names = texts.of(aggregate);
        points.aggregate(measurement(names, ""), tags(names), aggregate, shape.of(aggregate));
      }
      case VIOLATIONS -> {
        Violation violation = item.as(Violation.class);
        Map<String, String> names = texts.render(TemplateModel.of(violation));
        points.violation(measurement(names, "_violations"), tags(names), violation);
      }
      case RUN_EVENTS -> {
        RunEvent event = item.as(RunEvent.class);
        Map<String, String> names = texts.render(TemplateModel.of(event));
        points.runEvent(measurement(names, "_events"), tags(names), event);
      }
      case SUMMARIES -> {
        RunSummary summary = item.as(RunSummary.class);
        Map<String, String> names = texts.render(TemplateModel.of(summary));
        points.summary(measurement(names, "_summaries"), tags(names), summary, shape.of(summary));
      }
    }
  }

  private static String measurement(Map<String, String> names, String what) {
    String measurement = names.getOrDefault(MEASUREMENT, "");
    if (measurement.isEmpty()) {
      throw new IllegalArgumentException("the measurement's template gives an empty name");
    }
    return measurement + what;
  }

  private static Map<String, String> tags(Map<String, String> names) {
    Map<String, String> tags = new LinkedHashMap<>(names);
    tags.remove(MEASUREMENT);
    return tags;
  }

  @Override
  public void check() throws IOException, InterruptedException {
    Delivery checked = api.check(clock.instant());
    if (checked instanceof Delivery.Misconfigured wrong) {
      throw new IOException(wrong.reason());
    }
    if (checked instanceof Delivery.Retry later) {
      throw new IOException(later.reason());
    }
    if (checked instanceof Delivery.Rejected refused) {
      throw new IOException(refused.reason());
    }
  }

  @Override
  public void close() {}
}
