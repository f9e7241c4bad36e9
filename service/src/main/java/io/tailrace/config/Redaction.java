package io.tailrace.config;

import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentSkipListSet;
import java.util.regex.Pattern;

/**
 * Takes secrets out of texts that others wrote, such as a target's answer that repeats the request.
 * Safe for many threads.
 */
public final class Redaction {
  private static final int SHORTEST = 4;
  private static final Pattern SECRET_NAME =
      Pattern.compile(".*(TOKEN|SECRET|PASS|KEY|CRED|WEBHOOK|AUTH|DSN|URI).*");

  /** The longest first: one may be a part of another. */
  private final Set<String> hidden =
      new ConcurrentSkipListSet<>(
          Comparator.comparingInt(String::length)
              .reversed()
              .thenComparing(Comparator.<String>naturalOrder()));

  /** Hides a secret and the forms in which it travels. */
  public void hide(String secret) {
    for (String form : forms(secret)) {
      if (form.length() >= SHORTEST) {
        hidden.add(form);
      }
    }
  }

  /** Hides an environment variable's value, if its name says that it is secret. */
  void hideVariable(String name, String value) {
    if (SECRET_NAME.matcher(name).matches()) {
      hide(value);
    }
  }

  public String clean(String text) {
    String clean = text;
    for (String secret : hidden) {
      clean = clean.replace(secret, Secret.REDACTED);
    }
    return clean;
  }

  private static List<String> forms(String secret) {
    List<String> forms = new ArrayList<>();
    forms.add(secret);
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8));
    forms.add(URLEncoder.encode(secret, StandardCharsets.UTF_8).replace("+", "%20"));
    forms.add(Base64.getEncoder().encodeToString(secret.getBytes(StandardCharsets.UTF_8)));
    forms.add(secret.replace("\\", "\\\\").replace("\"", "\\\""));
    if (secret.startsWith("http")) {
      forms.addAll(pathOf(secret));
    }
    return forms;
  }

  /** A webhook's secret is its path, which a target may repeat without the rest. */
  private static List<String> pathOf(String url) {
    try {
      String path = URI.create(url).getRawPath();
      return path == null || path.length() < 2 ? List.of() : List.of(path, path.substring(1));
    } catch (IllegalArgumentException e) {
      return List.of();
    }
  }

  @Override
  public String toString() {
    return "Redaction[" + hidden.size() + " forms]";
  }
}
