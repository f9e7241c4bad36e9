package io.tailrace.sink.elasticsearch;

import io.tailrace.config.Secret;
import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.template.Escape;
import io.tailrace.sink.core.template.Template;
import java.net.URI;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/**
 * Where documents go and what they look like.
 *
 * @param mappings one document for each metric, with these fields; empty for one for each window
 * @param templates whether index templates are put before the first document
 * @param histograms whether histograms are sent to servers that have a field for them
 * @param events whether violations, run events and summaries are sent too
 */
record ElasticsearchConfig(
    List<URI> hosts,
    Authentication authentication,
    Template index,
    Template violationsIndex,
    Template eventsIndex,
    Template summariesIndex,
    Map<String, String> mappings,
    boolean templates,
    boolean histograms,
    boolean events) {

  sealed interface Authentication {
    record None() implements Authentication {}

    record Basic(String user, Secret password) implements Authentication {}

    record ApiKey(Secret key) implements Authentication {}
  }

  private static final Option<List<URI>> HOSTS =
      Option.texts(
              "hosts", "One or more servers of the cluster; who does not answer is passed over.")
          .as(ElasticsearchConfig::urls, List.of(URI.create("http://invalid.invalid")))
          .required();
  private static final Option<Template> INDEX =
      index("index", "tailrace-metrics", "The index of windows, by the date of their start.");
  private static final Option<Template> VIOLATIONS_INDEX =
      index("violations_index", "tailrace-violations", "The index of violations.");
  private static final Option<Template> EVENTS_INDEX =
      index("events_index", "tailrace-events", "The index of run events.");
  private static final Option<Template> SUMMARIES_INDEX =
      index("summaries_index", "tailrace-summaries", "The index of summaries.");
  private static final Option<Map<String, String>> MAPPINGS =
      Option.textMap(
          "mappings",
          "Fields and their types: makes one document for each metric, with these fields. Without"
              + " the key, a window is one document with all its metrics.");
  private static final Option<Boolean> TEMPLATES =
      Option.flag("templates", "Whether index templates are created.").or(true);
  private static final Option<Boolean> HISTOGRAMS =
      Option.flag(
              "histograms", "Whether histograms are sent to servers that have a field for them.")
          .or(true);
  private static final Option<Boolean> EVENTS =
      Option.flag("events", "Whether violations, run events and summaries are sent too.").or(true);

  private static final Option<Optional<String>> USERNAME =
      Option.text("username", "The user's name.").optional();
  private static final Option<Optional<Secret>> PASSWORD =
      Option.secret("password", "The user's password.").optional();
  private static final Option<Optional<Secret>> API_KEY =
      Option.secret("api_key", "An API key as the server gives it: id and key, in base64.")
          .optional();
  private static final Option<Authentication> AUTHENTICATION =
      Option.block(
          "authentication",
          "Who writes: a user with a password, or an API key.",
          Options.of(USERNAME, PASSWORD, API_KEY),
          ElasticsearchConfig::authentication);

  static final Options OPTIONS =
      Options.of(
          HOSTS,
          AUTHENTICATION,
          INDEX,
          MAPPINGS,
          VIOLATIONS_INDEX,
          EVENTS_INDEX,
          SUMMARIES_INDEX,
          TEMPLATES,
          HISTOGRAMS,
          EVENTS);

  static ElasticsearchConfig from(Settings block) {
    Map<String, String> mappings = MAPPINGS.from(block);
    for (String field : mappings.keySet()) {
      if (!MetricDocuments.FIELDS.contains(field)) {
        block.fault(
            "mappings." + field,
            "no such field; a metric's document can have "
                + String.join(", ", new TreeSet<>(MetricDocuments.FIELDS)));
      }
    }
    ElasticsearchConfig config =
        new ElasticsearchConfig(
            HOSTS.from(block),
            AUTHENTICATION.from(block),
            INDEX.from(block),
            VIOLATIONS_INDEX.from(block),
            EVENTS_INDEX.from(block),
            SUMMARIES_INDEX.from(block),
            mappings,
            TEMPLATES.from(block),
            HISTOGRAMS.from(block),
            EVENTS.from(block));
    config.refuseTemplatesForEverything(block);
    return config;
  }

  /** The template of an index whose name may begin with anything is one for other people's too. */
  private void refuseTemplatesForEverything(Settings block) {
    Map<String, Template> indices = new LinkedHashMap<>();
    indices.put(INDEX.key(), index);
    if (events) {
      indices.put(VIOLATIONS_INDEX.key(), violationsIndex);
      indices.put(EVENTS_INDEX.key(), eventsIndex);
      indices.put(SUMMARIES_INDEX.key(), summariesIndex);
    }
    indices.forEach(
        (key, name) -> {
          if (templates && IndexName.pattern(name.toString()).startsWith("*")) {
            block.fault(
                key,
                "\""
                    + name
                    + "\" may begin with anything, and its index template would be for every index"
                    + " of the cluster; expected a name that begins with a text such as load-, or"
                    + " templates: false");
          }
        });
  }

  static boolean withEvents(Settings block) {
    return EVENTS.from(block);
  }

  private static Authentication authentication(Settings block) {
    Optional<String> user = USERNAME.from(block).filter(text -> !text.isEmpty());
    Optional<Secret> password = PASSWORD.from(block).filter(secret -> !secret.isEmpty());
    Optional<Secret> key = API_KEY.from(block).filter(secret -> !secret.isEmpty());
    if (user.isPresent() != password.isPresent()) {
      block.fault("username", "expected username and password, or neither of them");
    } else if (user.isPresent() && key.isPresent()) {
      block.fault("api_key", "expected an API key, or username and password, not both");
    }
    if (key.isPresent()) {
      return new Authentication.ApiKey(key.get());
    }
    return user.isPresent() && password.isPresent()
        ? new Authentication.Basic(user.get(), password.get())
        : new Authentication.None();
  }

  private static Option<Template> index(String key, String name, String about) {
    return Option.template(key, about, Escape.none())
        .or(Template.of(name + "-{{date.YYYY.MM}}", Escape.none()));
  }

  private static List<URI> urls(List<String> hosts) {
    if (hosts.isEmpty()) {
      throw new IllegalArgumentException("expected at least one host");
    }
    return hosts.stream().map(ElasticsearchConfig::url).toList();
  }

  private static URI url(String host) {
    URI url;
    try {
      url = URI.create(host);
    } catch (IllegalArgumentException e) {
      url = URI.create("");
    }
    boolean http = "http".equals(url.getScheme()) || "https".equals(url.getScheme());
    if (!http || url.getHost() == null || url.getRawUserInfo() != null) {
      throw new IllegalArgumentException(
          "expected addresses such as https://elasticsearch:9200, without a user in them");
    }
    return url;
  }
}
