package io.tailrace.registry;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import io.tailrace.registry.RegistryConfig.Endpoint;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodySubscriber;
import java.net.http.HttpResponse.BodySubscribers;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.security.ssl.DefaultSslEngineFactory;
import org.jspecify.annotations.Nullable;

/**
 * Requests to the registry, tried again at its other addresses and later until the time for it is
 * up.
 */
final class RegistryHttp {
  private static final String CONTENT_TYPE = "application/vnd.schemaregistry.v1+json";
  private static final int MAX_ANSWER_BYTES = 4 << 20;
  private static final int MAX_QUOTED_CHARS = 300;
  private static final long FIRST_PAUSE_MILLIS = 100;
  private static final long LONGEST_PAUSE_MILLIS = 5_000;
  private static final int REQUEST_TIMEOUT = 408;
  private static final int TOO_MANY_REQUESTS = 429;
  private static final int SERVER_ERRORS = 500;

  private final RegistryConfig config;
  private final HttpClient client;
  private final ObjectMapper json = new ObjectMapper();
  // The address that answered last is asked first; a stale value only costs one more attempt.
  private volatile int preferred;

  RegistryHttp(RegistryConfig config) {
    this.config = config;
    this.client = client(config);
  }

  private static HttpClient client(RegistryConfig config) {
    HttpClient.Builder builder =
        HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(config.connectTimeout());
    if (!config.tls().isEmpty()) {
      try (DefaultSslEngineFactory factory = new DefaultSslEngineFactory()) {
        factory.configure(TlsDefaults.over(config.tls()));
        builder.sslContext(factory.sslContext());
      }
    }
    return builder.build();
  }

  JsonNode get(String path) {
    return ask(path, null);
  }

  JsonNode post(String path, JsonNode body) {
    return ask(path, body.toString());
  }

  private JsonNode ask(String path, @Nullable String body) {
    long deadline = System.nanoTime() + config.retryTimeout().toNanos();
    long pause = FIRST_PAUSE_MILLIS;
    while (true) {
      RegistryUnavailable failure = null;
      for (int i = 0; i < config.endpoints().size(); i++) {
        int index = Math.floorMod(preferred + i, config.endpoints().size());
        try {
          JsonNode answer = attempt(config.endpoints().get(index), path, body);
          preferred = index;
          return answer;
        } catch (RegistryUnavailable e) {
          failure = e;
        }
      }
      long left = TimeUnit.NANOSECONDS.toMillis(deadline - System.nanoTime());
      if (failure != null && (left <= 0 || isOfTrust(failure))) {
        throw failure;
      }
      sleep(Math.min(left, pause / 2 + ThreadLocalRandom.current().nextLong(pause / 2 + 1)));
      pause = Math.min(pause * 2, LONGEST_PAUSE_MILLIS);
    }
  }

  private JsonNode attempt(Endpoint endpoint, String path, @Nullable String body) {
    URI uri = URI.create(endpoint.base() + path);
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri)
            .timeout(config.readTimeout())
            .header("Accept", CONTENT_TYPE + ", application/json");
    if (endpoint.authorization() != null) {
      request.header("Authorization", endpoint.authorization());
    }
    if (body != null) {
      request.header("Content-Type", CONTENT_TYPE).POST(HttpRequest.BodyPublishers.ofString(body));
    }
    return json(uri, send(request.build()));
  }

  @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
  private record Answer(int status, byte[] body) {}

  private Answer send(HttpRequest request) {
    CompletableFuture<Answer> answer = new CompletableFuture<>();
    CompletableFuture<?> exchange =
        client.sendAsync(request, head -> body(head.statusCode(), answer));
    CompletableFuture<?> unused =
        exchange.whenComplete(
            (response, failure) -> {
              if (failure != null) {
                answer.completeExceptionally(failure);
              }
            });
    try {
      // The request's own timeout ends with the headers; this one covers a body that stalls.
      return answer.get(
          config.connectTimeout().plus(config.readTimeout()).toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      exchange.cancel(true);
      throw new InterruptException(e);
    } catch (TimeoutException e) {
      exchange.cancel(true);
      throw new RegistryUnavailable(
          "asking " + request.uri() + ": no whole answer within " + config.readTimeout(), e);
    } catch (ExecutionException e) {
      Throwable cause = e.getCause();
      CertificateException fault = certificateFault(e);
      if (fault != null) {
        throw new RegistryUnavailable(
            "asking " + request.uri() + ": its certificate is refused: " + fault.getMessage(), e);
      }
      if (cause instanceof IOException) {
        throw new RegistryUnavailable("asking " + request.uri() + ": " + cause, cause);
      }
      throw new RegistryUnavailable("asking " + request.uri() + ": " + cause, e);
    }
  }

  // Completes our own future: the client's is completed in the common pool, where somebody else's
  // work may keep all of the few threads.
  private static BodySubscriber<Answer> body(int status, CompletableFuture<Answer> answer) {
    return BodySubscribers.mapping(
        new BoundedBody(MAX_ANSWER_BYTES),
        bytes -> {
          Answer whole = new Answer(status, bytes);
          answer.complete(whole);
          return whole;
        });
  }

  /** Whether what failed is a certificate, which will be the same in a few seconds. */
  private static boolean isOfTrust(RegistryUnavailable failure) {
    return certificateFault(failure) != null;
  }

  private static @Nullable CertificateException certificateFault(Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof CertificateException fault) {
        return fault;
      }
    }
    return null;
  }

  private JsonNode json(URI uri, Answer answer) {
    int status = answer.status();
    JsonNode body = parsed(answer.body());
    if (status / 100 == 2) {
      if (body == null || !body.isObject()) {
        throw new RegistryUnavailable(
            "asking " + uri + ": expected a JSON object, got " + quoted(answer.body()));
      }
      return body;
    }
    String message =
        body != null && body.hasNonNull("message")
            ? body.get("message").asText()
            : quoted(answer.body());
    String told = "asking " + uri + ": status " + status + ", " + message;
    boolean later =
        status >= SERVER_ERRORS || status == REQUEST_TIMEOUT || status == TOO_MANY_REQUESTS;
    if (later) {
      throw new RegistryUnavailable(told);
    }
    int code = body == null ? 0 : body.path("error_code").asInt(0);
    throw new RegistryRefused(status, code, told);
  }

  private @Nullable JsonNode parsed(byte[] body) {
    try {
      return json.readTree(body);
    } catch (IOException notJson) {
      return null;
    }
  }

  private static String quoted(byte[] body) {
    String text = new String(body, StandardCharsets.UTF_8);
    return text.length() <= MAX_QUOTED_CHARS ? text : text.substring(0, MAX_QUOTED_CHARS) + "…";
  }

  private static void sleep(long millis) {
    try {
      Thread.sleep(Math.max(1, millis));
    } catch (InterruptedException e) {
      throw new InterruptException(e);
    }
  }

  @Override
  public String toString() {
    return config.endpoints().toString();
  }
}
