package io.tailrace.sink.slack;

import io.tailrace.record.Violation;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.core.template.TemplateModel;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collection;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** One message for a violation, changed as it gets worse or is over; one for many at once. */
final class Violations {
  private static final String FOLDED = "folded";
  private static final int MOST_SHOWN = 20;

  /** Finds, or makes, what a run's messages answer to. */
  interface Threads {
    Optional<String> of(String run, TemplateModel model) throws IOException, InterruptedException;
  }

  private final SlackConfig config;
  private final Posts posts;
  private final boolean lasting;
  private final Threads threads;

  Violations(SlackConfig config, Posts posts, boolean lasting, Threads threads) {
    this.config = config;
    this.posts = posts;
    this.lasting = lasting;
    this.threads = threads;
  }

  void tell(Violation violation) throws IOException, InterruptedException {
    String key = key(violation);
    Optional<String> before = posts.posted(key);
    if (before.isPresent() && before.get().startsWith(FOLDED)) {
      return;
    }
    if (before.isEmpty()) {
      if (!SlackSink.isOver(violation)) {
        TemplateModel model = TemplateModel.of(violation);
        Message message = message(key, violation).withMentions(config.mentions());
        String unused = posts.post(message.inThread(threads.of(violation.getRun(), model), false));
      }
    } else if (lasting) {
      if (violation.getState() != ViolationState.OPENED) {
        posts.update(before.get(), violation.getSequence(), message(key, violation));
      }
    } else if (SlackSink.isOver(violation)) {
      String unused = posts.post(message(key + "/over", violation));
    }
  }

  private Message message(String key, Violation violation) {
    boolean over = SlackSink.isOver(violation);
    String text = SlackText.message(config.violation().text().render(TemplateModel.of(violation)));
    return new Message(
        key,
        over ? "\u2705 ~" + text.replace("~", "") + "~" : text,
        over ? Colour.GREEN : Colour.of(violation.getObjective().getSeverity()),
        over
            ? SlackSink.footer(violation.getRun()) + ", resolved"
            : SlackSink.footer(violation.getRun()));
  }

  /** When too many open at once, one message tells of them; they are told then. */
  void fold(Collection<Violation> batch) throws IOException, InterruptedException {
    Map<String, Map<String, Violation>> byRun = new LinkedHashMap<>();
    for (Violation each : batch) {
      boolean opens = each.getState() == ViolationState.OPENED && posts.posted(key(each)).isEmpty();
      if (opens) {
        byRun.computeIfAbsent(each.getRun(), unused -> new LinkedHashMap<>()).put(key(each), each);
      }
    }
    for (Map<String, Violation> opened : byRun.values()) {
      if (opened.size() > config.digestAbove()) {
        digest(opened);
      }
    }
  }

  private void digest(Map<String, Violation> opened) throws IOException, InterruptedException {
    Violation first = opened.values().iterator().next();
    List<String> lines = new ArrayList<>();
    for (Violation each : opened.values()) {
      if (lines.size() < MOST_SHOWN) {
        lines.add("\u2022 " + SlackText.escape(each.getMessage()));
      }
    }
    if (opened.size() > MOST_SHOWN) {
      lines.add("and " + (opened.size() - MOST_SHOWN) + " more");
    }
    String text =
        "\u26A0\uFE0F *%s*: %d objectives do not hold\n%s"
            .formatted(
                SlackText.escape(first.getTestName()), opened.size(), String.join("\n", lines));
    List<String> keys = List.copyOf(opened.keySet());
    Message message =
        new Message(
                "digest/" + keys.get(0),
                SlackText.message(text),
                Colour.of(first.getObjective().getSeverity()),
                SlackSink.footer(first.getRun()))
            .folding(keys)
            .withMentions(config.mentions())
            .inThread(threads.of(first.getRun(), TemplateModel.of(first)), false);
    String outcome = posts.post(message);
    String[] told = outcome.split(" ", -1);
    // The first one last: until it is noted, a crash leads back to this very digest.
    for (int i = told.length - 1; i > 0; i--) {
      posts.remember(told[i], FOLDED + " " + told[0]);
    }
  }

  private static String key(Violation violation) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(violation.getId().getBytes(StandardCharsets.UTF_8));
      return "violation/" + HexFormat.of().formatHex(Arrays.copyOf(hash, 10));
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every Java has SHA-256", e);
    }
  }
}
