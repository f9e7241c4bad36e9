package io.tailrace.registry;

import java.net.URI;
import java.net.URISyntaxException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.apache.kafka.common.config.ConfigException;
import org.apache.kafka.common.config.SslConfigs;
import org.apache.kafka.common.config.types.Password;
import org.jspecify.annotations.Nullable;

/** How to reach the registry, under the keys that users of Confluent's serializers know. */
record RegistryConfig(
    List<Endpoint> endpoints,
    Map<String, Object> tls,
    Duration connectTimeout,
    Duration readTimeout,
    Duration retryTimeout) {
  static final String URL = "schema.registry.url";
  static final String AUTO_REGISTER = "auto.register.schemas";
  static final String CREDENTIALS_SOURCE = "basic.auth.credentials.source";
  static final String USER_INFO = "basic.auth.user.info";
  static final String CONNECT_TIMEOUT_MS = "http.connect.timeout.ms";
  static final String READ_TIMEOUT_MS = "http.read.timeout.ms";
  static final String RETRY_TIMEOUT_MS = "schema.registry.retry.timeout.ms";

  private static final String PREFIX = "schema.registry.";
  private static final Duration DEFAULT_CONNECT_TIMEOUT = Duration.ofSeconds(5);
  private static final Duration DEFAULT_READ_TIMEOUT = Duration.ofSeconds(10);
  private static final Duration DEFAULT_RETRY_TIMEOUT = Duration.ofSeconds(30);

  /** One address of the registry and what to say about ourselves there; never printed with it. */
  record Endpoint(URI base, @Nullable String authorization) {
    @Override
    public String toString() {
      return base.toString();
    }
  }

  static RegistryConfig from(Map<String, ?> settings) {
    String urls = text(settings, URL);
    if (urls == null || urls.isBlank()) {
      throw new ConfigException(URL, urls, "expected one or more addresses, comma separated");
    }
    Credentials credentials = Credentials.from(settings);
    List<Endpoint> endpoints = new ArrayList<>();
    for (String url : urls.split(",", -1)) {
      endpoints.add(endpoint(url.strip(), credentials));
    }
    return new RegistryConfig(
        List.copyOf(endpoints),
        tls(settings),
        millis(settings, CONNECT_TIMEOUT_MS, DEFAULT_CONNECT_TIMEOUT),
        millis(settings, READ_TIMEOUT_MS, DEFAULT_READ_TIMEOUT),
        millis(settings, RETRY_TIMEOUT_MS, DEFAULT_RETRY_TIMEOUT));
  }

  private static Endpoint endpoint(String url, Credentials credentials) {
    URI uri;
    try {
      uri = new URI(url);
    } catch (URISyntaxException e) {
      throw notAnAddress();
    }
    boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
    if (!web || uri.getHost() == null || uri.getQuery() != null || uri.getFragment() != null) {
      throw notAnAddress();
    }
    String userInfo = credentials.forAddress(uri);
    String path = uri.getRawPath() == null ? "" : uri.getRawPath().replaceAll("/+$", "");
    String port = uri.getPort() < 0 ? "" : ":" + uri.getPort();
    // Rebuilt without its user, so that no message about the address can contain a password.
    URI base = URI.create(uri.getScheme() + "://" + uri.getHost() + port + path);
    return new Endpoint(base, userInfo == null ? null : basic(userInfo));
  }

  // The value is not repeated: it may contain a password.
  private static ConfigException notAnAddress() {
    return new ConfigException(URL + ": expected addresses such as http://registry:8081");
  }

  private static String basic(String userInfo) {
    return "Basic " + Base64.getEncoder().encodeToString(userInfo.getBytes(StandardCharsets.UTF_8));
  }

  private enum Source {
    URL,
    USER_INFO
  }

  private record Credentials(Source source, @Nullable String userInfo) {
    static Credentials from(Map<String, ?> settings) {
      String source = either(settings, CREDENTIALS_SOURCE);
      String userInfo = either(settings, USER_INFO);
      if (source == null) {
        return new Credentials(userInfo == null ? Source.URL : Source.USER_INFO, userInfo);
      }
      if (Arrays.stream(Source.values()).noneMatch(known -> known.name().equals(source))) {
        String known =
            Arrays.stream(Source.values()).map(Source::name).collect(Collectors.joining(" or "));
        throw new ConfigException(CREDENTIALS_SOURCE, source, "expected " + known);
      }
      if (source.equals(Source.USER_INFO.name()) && userInfo == null) {
        throw new ConfigException(
            CREDENTIALS_SOURCE + " is USER_INFO: expected " + USER_INFO + " as user:password");
      }
      return new Credentials(Source.valueOf(source), userInfo);
    }

    @Nullable String forAddress(URI uri) {
      return source == Source.USER_INFO ? userInfo : uri.getUserInfo();
    }

    @Override
    public String toString() {
      return "Credentials[" + source + "]";
    }
  }

  /** Kafka's own TLS settings, given with the prefix {@code schema.registry.}. */
  private static Map<String, Object> tls(Map<String, ?> settings) {
    Map<String, Object> tls = new HashMap<>();
    settings.forEach(
        (key, value) -> {
          if (key.startsWith(PREFIX + "ssl.") && value != null) {
            tls.put(key.substring(PREFIX.length()), value);
          }
        });
    Object identification = tls.get(SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG);
    if (identification != null && identification.toString().isEmpty()) {
      throw new ConfigException(
          PREFIX + SslConfigs.SSL_ENDPOINT_IDENTIFICATION_ALGORITHM_CONFIG,
          "",
          "the registry's certificate must carry its name: expected https");
    }
    return Map.copyOf(tls);
  }

  static boolean flag(Map<String, ?> settings, String key, boolean absent) {
    String value = text(settings, key);
    if (value == null) {
      return absent;
    }
    return switch (value) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new ConfigException(key, value, "expected true or false");
    };
  }

  private static Duration millis(Map<String, ?> settings, String key, Duration absent) {
    String value = text(settings, key);
    if (value == null) {
      return absent;
    }
    try {
      long millis = Long.parseLong(value);
      if (millis > 0) {
        return Duration.ofMillis(millis);
      }
    } catch (NumberFormatException e) {
      throw new ConfigException(key, value, "expected milliseconds above 0");
    }
    throw new ConfigException(key, value, "expected milliseconds above 0");
  }

  private static @Nullable String either(Map<String, ?> settings, String key) {
    String prefixed = text(settings, PREFIX + key);
    String value = prefixed == null ? text(settings, key) : prefixed;
    return value == null || value.isEmpty() ? null : value;
  }

  private static @Nullable String text(Map<String, ?> settings, String key) {
    Object value = settings.get(key);
    if (value == null) {
      return null;
    }
    if (value instanceof Password password) {
      return password.value();
    }
    if (value instanceof List<?> list) {
      return list.stream().map(String::valueOf).collect(Collectors.joining(","));
    }
    return value.toString().strip();
  }
}
