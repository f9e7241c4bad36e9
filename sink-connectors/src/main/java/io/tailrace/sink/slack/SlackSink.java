package io.tailrace.sink.slack;

import io.tailrace.record.Aggregate;
import io.tailrace.record.RunEvent;
import io.tailrace.record.RunEventKind;
import io.tailrace.record.RunSummary;
import io.tailrace.record.Verdict;
import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.template.TemplateModel;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Tells a channel of runs; batches take turns, because a channel has one order. */
final class SlackSink implements Sink {
  private static final Logger log = LoggerFactory.getLogger(SlackSink.class);

  private final SlackConfig config;
  private final Outlet outlet;
  private final Posts posts;
  private final Violations violations;
  private final Sparkline sparkline = new Sparkline();

  SlackSink(SlackConfig config, SinkContext context) {
    this.config = config;
    this.outlet = outlet(config, context);
    this.posts =
        new Posts(
            outlet,
            context.once(),
            config.pace(),
            context
                .metrics()
                .counter(
                    "tailrace_sink_unanswered_total",
                    "Changes asked of the target whose answer never came."));
    this.violations = new Violations(config, posts, outlet.isLasting(), this::thread);
    if (!outlet.isLasting()) {
      log.info(
          "a webhook only posts: messages are not updated, a run has no thread, the channel is the"
              + " webhook's own, and one whose posting was not answered is posted again; a"
              + " bot_token can do all that");
    }
  }

  private static Outlet outlet(SlackConfig config, SinkContext context) {
    if (config.webhook().isPresent()) {
      HttpTarget hook = context.http().target(config.webhook().get()).withGzip(false);
      return new Webhook(hook, context.clock());
    }
    HttpTarget api =
        context.http().target(config.api()).withBearer(config.botToken()).withGzip(false);
    return new Bot(api, context.clock(), config.channel());
  }

  @Override
  public synchronized Delivery deliver(List<Item> batch) throws IOException, InterruptedException {
    List<Delivery.Rejection> rejections = new ArrayList<>();
    Map<Integer, Violation> told = new LinkedHashMap<>();
    for (int i = 0; i < batch.size(); i++) {
      Item item = batch.get(i);
      switch (item.feed()) {
        case AGGREGATES -> sparkline.add(item.as(Aggregate.class));
        case VIOLATIONS -> told.put(i, item.as(Violation.class));
        case RUN_EVENTS, SUMMARIES -> {
          Optional<Delivery> stop = attempt(i, rejections, () -> tell(item));
          if (stop.isPresent()) {
            return stop.get();
          }
        }
      }
    }
    if (config.violation().enabled()) {
      Optional<Delivery> stop =
          attempt(
              told.isEmpty() ? 0 : told.keySet().iterator().next(),
              rejections,
              () -> violations.fold(told.values()));
      if (stop.isPresent()) {
        return stop.get();
      }
      for (Map.Entry<Integer, Violation> each : told.entrySet()) {
        stop = attempt(each.getKey(), rejections, () -> violations.tell(each.getValue()));
        if (stop.isPresent()) {
          return stop.get();
        }
      }
    }
    return rejections.isEmpty()
        ? Delivery.accepted()
        : new Delivery.PartlyRejected(List.copyOf(rejections));
  }

  private interface Step {
    void take() throws IOException, InterruptedException;
  }

  /** Notes a record that is refused for good; returns what stops the batch. */
  private static Optional<Delivery> attempt(
      int index, List<Delivery.Rejection> rejections, Step step)
      throws IOException, InterruptedException {
    try {
      step.take();
    } catch (SlackRefusal e) {
      if (!(e.delivery() instanceof Delivery.Rejected rejected)) {
        return Optional.of(e.delivery());
      }
      rejections.add(new Delivery.Rejection(index, rejected.reason()));
    } catch (IllegalArgumentException e) {
      rejections.add(new Delivery.Rejection(index, String.valueOf(e.getMessage())));
    }
    return Optional.empty();
  }

  private void tell(Item item) throws IOException, InterruptedException {
    if (item.value() instanceof RunEvent event) {
      if (event.getKind() == RunEventKind.STARTED && config.start().enabled()) {
        String unused = root(event.getRun(), TemplateModel.of(event));
      }
    } else if (config.complete().enabled()) {
      completed(item.as(RunSummary.class));
    }
  }

  /** The message that a run's others answer to; whatever is read first makes it. */
  private String root(String run, TemplateModel model) throws IOException, InterruptedException {
    String text = SlackText.message(config.start().text().render(model));
    return Posts.timestamp(posts.post(new Message("run/" + run, text, Colour.BLUE, footer(run))));
  }

  private Optional<String> thread(String run, TemplateModel model)
      throws IOException, InterruptedException {
    return config.threads() ? Optional.of(root(run, model)) : Optional.empty();
  }

  private void completed(RunSummary summary) throws IOException, InterruptedException {
    String run = summary.getRun();
    String key = "complete/" + run;
    TemplateModel model = TemplateModel.of(summary);
    String curve = sparkline.draw(run);
    Message message =
        new Message(
            key,
            SlackText.message(config.complete().text().render(model)),
            Colour.of(summary.getVerdict()),
            curve.isEmpty() ? footer(run) : curve + "\n" + footer(run));
    if (summary.getVerdict() != Verdict.PASSED) {
      message = message.withMentions(config.mentions());
    }
    Optional<String> before = posts.posted(key);
    if (before.isPresent()) {
      if (summary.getRevision() > 0) {
        posts.update(before.get(), summary.getRevision(), message);
      }
    } else {
      String unused = posts.post(message.inThread(thread(run, model), true));
    }
    sparkline.forget(run);
  }

  static String footer(String run) {
    return "run " + SlackText.escape(run);
  }

  /** Whether an episode still goes on. */
  static boolean isOver(Violation violation) {
    return violation.getState() == ViolationState.RESOLVED;
  }

  @Override
  public void check() throws IOException, InterruptedException {
    outlet.check();
  }

  @Override
  public void close() {}
}
