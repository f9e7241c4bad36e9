package io.tailrace.sink.influxdb;

import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.template.Escape;
import io.tailrace.sink.core.template.Template;
import java.net.URI;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where points go and what they are called.
 *
 * @param place in InfluxDB 1 a database, in InfluxDB 2 a bucket
 * @param events whether violations, run events and summaries are written too
 */
record InfluxConfig(
    URI url, Place place, Template measurement, Map<String, Template> tags, boolean events) {

  sealed interface Place {
    record Database(
        String name, Optional<String> retentionPolicy, Optional<String> user, Secret password)
        implements Place {}

    record Bucket(String org, String name, Secret token) implements Place {}
  }

  private static final Secret NO_SECRET = Secret.of("");
  private static final Pattern CONTROL = Pattern.compile("\\p{Cntrl}");

  private static final Option<URI> URL =
      Option.url("url", "Where InfluxDB is, such as http://influxdb:8086.").required();
  private static final Option<Optional<String>> DATABASE =
      name("database", "InfluxDB 1: the database, created when it is missing.");
  private static final Option<Optional<String>> RETENTION_POLICY =
      name(
          "retention_policy",
          "InfluxDB 1: a policy's name, or a duration such as 30d, for which one is created.");
  private static final Option<Optional<String>> USERNAME =
      Option.text("username", "InfluxDB 1: who writes; without one, InfluxDB asks for none.")
          .optional();
  private static final Option<Optional<Secret>> PASSWORD =
      Option.secret("password", "InfluxDB 1: the user's password.").optional();
  private static final Option<Optional<String>> ORG =
      name("org", "InfluxDB 2: the organisation, by name or id.");
  private static final Option<Optional<String>> BUCKET =
      name("bucket", "InfluxDB 2: the bucket, by name or id; it must exist.");
  private static final Option<Optional<Secret>> TOKEN =
      Option.secret("token", "InfluxDB 2: a token that may write to the bucket.").optional();
  private static final Option<Template> MEASUREMENT =
      Option.template("measurement", "What the points of windows are called.", Escape.none())
          .or(Template.of("tailrace", Escape.none()));
  private static final Option<Map<String, Template>> TAGS =
      Option.templateMap(
          "tags",
          "Tags beside those of run, series and window; without the key: test_name, environment"
              + " and version.",
          Escape.none());
  private static final Option<Boolean> EVENTS =
      Option.flag(
              "events",
              "Whether violations, run events and summaries are written too, to measurements that"
                  + " end in _violations, _events and _summaries.")
          .or(true);

  static final Options OPTIONS =
      Options.of(
          URL,
          DATABASE,
          USERNAME,
          PASSWORD,
          RETENTION_POLICY,
          ORG,
          BUCKET,
          TOKEN,
          MEASUREMENT,
          TAGS,
          EVENTS);

  private static final Map<String, Template> DEFAULT_TAGS =
      Map.of(
          "test_name", Template.of("{{test_name}}", Escape.none()),
          "environment", Template.of("{{environment}}", Escape.none()),
          "version", Template.of("{{version}}", Escape.none()));

  /** Names that InfluxDB keeps for itself. */
  private static final Set<String> FORBIDDEN = Set.of("", "time", "_field", "_measurement");

  static InfluxConfig from(Settings block) {
    Map<String, Template> tags = TAGS.from(block);
    tags.keySet().forEach(tag -> refuse(block, tag));
    return new InfluxConfig(
        URL.from(block),
        place(block),
        MEASUREMENT.from(block),
        block.has("tags") ? tags : DEFAULT_TAGS,
        EVENTS.from(block));
  }

  static boolean withEvents(Settings block) {
    return EVENTS.from(block);
  }

  private static void refuse(Settings block, String tag) {
    if (FORBIDDEN.contains(tag) || tag.startsWith(PointEncoder.SERIES_TAG)) {
      block.fault("tags." + tag, "InfluxDB or a series' own tags need this name; choose another");
    } else if (PointEncoder.OWN_TAGS.contains(tag)) {
      block.fault("tags." + tag, "every point has this tag of itself; leave it out");
    }
  }

  private static Place place(Settings block) {
    Optional<String> database = DATABASE.from(block);
    Optional<String> bucket = BUCKET.from(block);
    if (database.isPresent() == bucket.isPresent()) {
      block.fault(
          "database",
          database.isPresent()
              ? "database is of InfluxDB 1 and bucket of InfluxDB 2; expected one of them"
              : "missing; expected database (InfluxDB 1), or org, bucket and token (InfluxDB 2)");
    }
    return bucket.isPresent() ? bucket(block, bucket.get()) : database(block, database.orElse("x"));
  }

  private static Place database(Settings block, String name) {
    refuseWith(block, "database", "org", "token");
    Optional<String> user = USERNAME.from(block).filter(text -> !text.isEmpty());
    Optional<Secret> password = PASSWORD.from(block);
    if (user.isPresent() != password.filter(secret -> !secret.isEmpty()).isPresent()) {
      block.fault("username", "expected username and password, or neither of them");
    }
    return new Place.Database(name, RETENTION_POLICY.from(block), user, password.orElse(NO_SECRET));
  }

  private static Place bucket(Settings block, String name) {
    refuseWith(block, "bucket", "username", "password", "retention_policy");
    Optional<String> org = ORG.from(block);
    Optional<Secret> token = TOKEN.from(block);
    if (org.isEmpty() || token.isEmpty()) {
      block.fault(
          org.isEmpty() ? "org" : "token", "missing; InfluxDB 2 needs org, bucket and token");
    }
    return new Place.Bucket(org.orElse(""), name, token.orElse(NO_SECRET));
  }

  private static void refuseWith(Settings block, String with, String... keys) {
    for (String key : keys) {
      if (block.has(key)) {
        block.fault(key, "does not go together with " + with);
      }
    }
  }

  private static Option<Optional<String>> name(String key, String about) {
    return Option.text(key, about)
        .where(
            text -> !text.isBlank() && !CONTROL.matcher(text).find(),
            "a name without control characters")
        .optional();
  }
}
