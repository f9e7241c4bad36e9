package io.tailrace.sink.slack;

import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.template.Escape;
import io.tailrace.sink.core.template.Template;
import java.net.URI;
import java.net.URISyntaxException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;

/** Where Slack is told, as whom, and of what. */
record SlackConfig(
    Optional<URI> webhook,
    Secret botToken,
    URI api,
    String channel,
    Notice start,
    Notice complete,
    Notice violation,
    boolean threads,
    List<String> mentions,
    int digestAbove,
    Duration pace,
    boolean sparkline) {

  /** One kind of message: whether there are such, and what they say. */
  record Notice(boolean enabled, Template text) {}

  private static final Escape ESCAPE = SlackText::escape;
  private static final Template STARTED =
      Template.of(
          "\uD83D\uDE80 Load test started: *{{test_name}}*{{#if environment}} in {{environment}}{{/if}}",
          ESCAPE);
  private static final Template COMPLETED =
      Template.of(
          """
          {{#if sla_passed}}\u2705{{else}}\u274C{{/if}} Load test {{status}}: *{{test_name}}*
          Duration {{duration}}, {{requests}} requests, p95 {{response_time_p95}} ms, \
          {{throughput}} requests/s, {{error_rate}} % errors
          {{#each sla_violations}}
          \u2022 {{this.expression}} ({{this.series}}): {{this.message}}
          {{/each}}
          {{#if report_url}}<{{report_url}}|Report>{{/if}}
          """,
          ESCAPE);
  private static final Template VIOLATED =
      Template.of("\u26A0\uFE0F *{{test_name}}*: {{violation_details}}", ESCAPE);

  private static final Option<Optional<Secret>> WEBHOOK =
      Option.secret(
              "webhook",
              "The address of an incoming webhook. It can only post: no threads, no updates.")
          .optional();
  private static final Option<Optional<Secret>> BOT_TOKEN =
      Option.secret(
              "bot_token",
              "A bot's token, xoxb-...; with it messages are updated and threaded. Scopes:"
                  + " chat:write, and channels:read and channels:history (groups: likewise) to"
                  + " find a message again whose posting was not answered.")
          .optional();
  private static final Option<URI> API =
      Option.url("api_url", "Where the Web API is, for a bot.")
          .or(URI.create("https://slack.com/api"));
  private static final Option<Optional<String>> CHANNEL =
      Option.text("channel", "Where a bot posts: a channel's id, or its name as #performance.")
          .optional();
  private static final Option<Boolean> ENABLED =
      Option.flag("enabled", "Whether there are such messages.").or(true);
  private static final Option<Template> START_MESSAGE =
      Option.template("message", "What is said, in mrkdwn.", ESCAPE).or(STARTED);
  private static final Option<Template> COMPLETE_TEMPLATE =
      Option.template("template", "What is said, in mrkdwn.", ESCAPE).or(COMPLETED);
  private static final Option<Template> VIOLATION_MESSAGE =
      Option.template("message", "What is said, in mrkdwn.", ESCAPE).or(VIOLATED);
  private static final Option<Notice> TEST_START =
      notice("test_start", "A run has started.", START_MESSAGE);
  private static final Option<Notice> TEST_COMPLETE =
      notice("test_complete", "A run has ended.", COMPLETE_TEMPLATE);
  private static final Option<Notice> SLA_VIOLATIONS =
      notice("sla_violations", "An objective does not hold.", VIOLATION_MESSAGE);
  private static final Options NOTICES = Options.of(TEST_START, TEST_COMPLETE, SLA_VIOLATIONS);
  private static final Option<List<Notice>> NOTIFICATIONS =
      Option.block("notifications", "What there are messages of.", NOTICES, SlackConfig::notices);
  private static final Option<Boolean> THREAD_REPLIES =
      Option.flag("thread_replies", "Whether all of a run goes into one thread; with a bot.")
          .or(true);
  private static final Option<List<String>> USER_MENTIONS =
      Option.texts(
              "user_mentions",
              "Who is pinged when a violation opens and when a run fails: ids of users and groups,"
                  + " names of groups, @here or @channel.")
          .or(List.of());
  private static final Option<Integer> DIGEST_ABOVE =
      Option.integer(
              "digest_above",
              "When more violations than this open at once, one message tells of them all.")
          .between(1, 1_000)
          .or(10);
  private static final Option<Duration> PACE =
      Option.duration("pace", "The least time between two messages; Slack takes one a second.")
          .between(Duration.ZERO, Duration.ofMinutes(1))
          .or(Duration.ofSeconds(1));
  private static final Option<Boolean> SPARKLINE =
      Option.flag(
              "sparkline",
              "Whether the end of a run shows its 95th percentile over time; needs every window.")
          .or(true);

  static final Options OPTIONS =
      Options.of(
          WEBHOOK,
          BOT_TOKEN,
          API,
          CHANNEL,
          NOTIFICATIONS,
          THREAD_REPLIES,
          USER_MENTIONS,
          DIGEST_ABOVE,
          PACE,
          SPARKLINE);

  static SlackConfig from(Settings block) {
    Optional<Secret> token = BOT_TOKEN.from(block);
    Optional<URI> webhook = WEBHOOK.from(block).flatMap(secret -> address(block, secret));
    Optional<String> channel = CHANNEL.from(block);
    if (token.isPresent()) {
      block.cannotApply(WEBHOOK.key(), "there is a bot_token, which can do more");
      if (channel.isEmpty()) {
        block.fault(CHANNEL.key(), "missing; a bot has to be told where to post");
      }
    } else {
      block.cannotApply(CHANNEL.key(), "a webhook posts into the channel it was made for");
      block.cannotApply(THREAD_REPLIES.key(), "a webhook cannot answer to its own messages");
      if (!block.has(WEBHOOK.key())) {
        block.fault(WEBHOOK.key(), "missing; expected a webhook or a bot_token");
      }
    }
    List<Notice> notices = NOTIFICATIONS.from(block);
    return new SlackConfig(
        token.isPresent() ? Optional.empty() : webhook,
        token.orElse(Secret.of("")),
        API.from(block),
        channel.orElse(""),
        notices.get(0),
        notices.get(1),
        notices.get(2),
        token.isPresent() && THREAD_REPLIES.from(block),
        USER_MENTIONS.from(block),
        DIGEST_ABOVE.from(block),
        PACE.from(block),
        SPARKLINE.from(block));
  }

  /** Whether windows are needed at all. */
  static boolean drawsWindows(Settings block) {
    return SPARKLINE.from(block);
  }

  private static Option<Notice> notice(String key, String about, Option<Template> text) {
    return Option.block(
        key,
        about,
        Options.of(ENABLED, text),
        block -> new Notice(ENABLED.from(block), text.from(block)));
  }

  private static List<Notice> notices(Settings block) {
    return List.of(TEST_START.from(block), TEST_COMPLETE.from(block), SLA_VIOLATIONS.from(block));
  }

  /** The address is a secret: what is wrong with it is said without it. */
  private static Optional<URI> address(Settings block, Secret secret) {
    try {
      URI uri = new URI(secret.reveal());
      if (uri.getHost() != null && uri.getScheme() != null && uri.getScheme().startsWith("http")) {
        return Optional.of(uri);
      }
    } catch (URISyntaxException e) {
      // Said below.
    }
    block.fault(WEBHOOK.key(), "expected an address such as https://hooks.slack.com/services/...");
    return Optional.empty();
  }
}
