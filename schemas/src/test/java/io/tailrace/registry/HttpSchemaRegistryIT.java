package io.tailrace.registry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.CommandKind;
import io.tailrace.record.RunCommand;
import io.tailrace.registry.RegistryStandIn.Answer;
import io.tailrace.wire.AvroDeserializer;
import io.tailrace.wire.AvroSerializer;
import java.io.BufferedReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Base64;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.avro.Schema;
import org.junit.jupiter.api.Test;

class HttpSchemaRegistryIT {
  private static final Schema SCHEMA = RunCommand.getClassSchema();
  private static final String SUBJECT = "tailrace.commands-value";
  private static final String TOPIC = "tailrace.commands";
  private static final RunCommand COMMAND =
      new RunCommand("run-1", CommandKind.ABORT, "node-1", 8, 0L, "ann", "too slow");
  private static final Answer SEVEN = new Answer(200, "{\"id\":7}");
  private static final Answer UNKNOWN =
      new Answer(404, "{\"error_code\":40403,\"message\":\"Schema 9 not found.\"}");
  private static final Answer BROKEN = new Answer(503, "down for a moment");

  private static HttpSchemaRegistry client(String url, String... more) {
    Map<String, Object> settings = new HashMap<>();
    settings.put(RegistrySettings.URL, url);
    settings.put(RegistryConfig.RETRY_TIMEOUT_MS, "2000");
    for (int i = 0; i < more.length; i += 2) {
      settings.put(more[i], more[i + 1]);
    }
    return new HttpSchemaRegistry(settings);
  }

  @Test
  void asksOnceForEachSchema() throws Exception {
    try (RegistryStandIn registry = new RegistryStandIn(SEVEN)) {
      HttpSchemaRegistry client = client(registry.url() + "/apis/ccompat/v7/");
      for (int i = 0; i < 3; i++) {
        assertThat(client.register(SUBJECT, SCHEMA)).isEqualTo(7);
      }
      assertThat(registry.requests).hasSize(1);
      assertThat(registry.requests.get(0).path())
          .isEqualTo("/apis/ccompat/v7/subjects/tailrace.commands-value/versions");
      assertThat(registry.requests.get(0).body())
          .startsWith("{\"schema\":\"{\\\"type\\\":\\\"record");
    }
  }

  @Test
  void asksOnceForEachId() throws Exception {
    String body = "{\"schema\":" + quoted(SCHEMA.toString()) + "}";
    try (RegistryStandIn registry = new RegistryStandIn(new Answer(200, body))) {
      HttpSchemaRegistry client = client(registry.url());
      assertThat(client.byId(7)).isEqualTo(SCHEMA);
      assertThat(client.byId(7)).isEqualTo(SCHEMA);
      assertThat(registry.requests).hasSize(1);
    }
  }

  @Test
  void outlivesARegistryThatIsAwayForManyTimesItsPatience() throws Exception {
    Duration patience = Duration.ofMillis(100);
    Map<String, Object> settings;
    int port;
    Answer answer = new Answer(200, "{\"id\":7,\"schema\":" + quoted(SCHEMA.toString()) + "}");
    AvroSerializer<RunCommand> serializer = new AvroSerializer<>();
    AvroDeserializer<RunCommand> deserializer = new AvroDeserializer<>(RunCommand.class);
    HttpSchemaRegistry client;
    try (RegistryStandIn registry = new RegistryStandIn(answer)) {
      port = registry.port();
      settings =
          Map.of(
              RegistrySettings.URL,
              registry.url(),
              RegistryConfig.RETRY_TIMEOUT_MS,
              patience.toMillis());
      serializer.configure(settings, false);
      deserializer.configure(settings, false);
      client = new HttpSchemaRegistry(settings);
      client.register(SUBJECT, SCHEMA);
      assertThat(deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, COMMAND)))
          .isEqualTo(COMMAND);
    }

    long away = System.nanoTime();
    while (System.nanoTime() - away < patience.multipliedBy(10).toNanos()) {
      assertThat(deserializer.deserialize(TOPIC, serializer.serialize(TOPIC, COMMAND)))
          .isEqualTo(COMMAND);
      assertThat(client.register(SUBJECT, SCHEMA)).isEqualTo(7);
      assertThatThrownBy(() -> client.byId(8)).isInstanceOf(RegistryUnavailable.class);
    }

    try (RegistryStandIn back = RegistryStandIn.at(port, answer)) {
      assertThat(client.byId(8)).isEqualTo(SCHEMA);
      assertThat(back.requests).hasSize(1);
    }
    serializer.close();
    deserializer.close();
  }

  @Test
  void triesAgainWhenTheRegistryStumbles() throws Exception {
    try (RegistryStandIn registry =
        new RegistryStandIn(BROKEN, new Answer(429, ""), new Answer(200, "not json"), SEVEN)) {
      assertThat(client(registry.url()).idOf(SUBJECT, SCHEMA)).isEqualTo(7);
      assertThat(registry.requests).hasSize(4);
    }
  }

  @Test
  void isRefusedAtOnce() throws Exception {
    try (RegistryStandIn registry =
        new RegistryStandIn(new Answer(409, "{\"error_code\":409,\"message\":\"incompatible\"}"))) {
      HttpSchemaRegistry client = client(registry.url());
      assertThatThrownBy(() -> client.register(SUBJECT, SCHEMA))
          .isInstanceOfSatisfying(
              RegistryRefused.class,
              e -> {
                assertThat(e.status()).isEqualTo(409);
                assertThat(e.notFound()).isFalse();
              })
          .hasMessageContaining("incompatible");
      assertThat(registry.requests).hasSize(1);
    }
  }

  @Test
  void remembersUnknownIdsForAWhile() throws Exception {
    try (RegistryStandIn registry = new RegistryStandIn(UNKNOWN)) {
      HttpSchemaRegistry client = client(registry.url());
      for (int i = 0; i < 100; i++) {
        assertThatThrownBy(() -> client.byId(9))
            .isInstanceOfSatisfying(
                RegistryRefused.class, e -> assertThat(e.errorCode()).isEqualTo(40403));
      }
      assertThat(registry.requests).hasSize(1);
    }
  }

  @Test
  void asksTheNextAddressWhenOneIsAway() throws Exception {
    try (RegistryStandIn away = new RegistryStandIn(BROKEN);
        RegistryStandIn there = new RegistryStandIn(SEVEN)) {
      HttpSchemaRegistry client = client(away.url() + ", " + there.url());
      assertThat(client.register(SUBJECT, SCHEMA)).isEqualTo(7);
      assertThat(client.register("other-value", SCHEMA)).isEqualTo(7);
      assertThat(away.requests).hasSize(1);
      assertThat(there.requests).hasSize(2);
    }
  }

  @Test
  void saysWhoItIs() throws Exception {
    String expected =
        "Basic " + Base64.getEncoder().encodeToString("me:s:crét".getBytes(StandardCharsets.UTF_8));
    try (RegistryStandIn registry = new RegistryStandIn(SEVEN)) {
      client(
              registry.url(),
              RegistryConfig.CREDENTIALS_SOURCE,
              "USER_INFO",
              RegistryConfig.USER_INFO,
              "me:s:crét")
          .register(SUBJECT, SCHEMA);
      client(registry.url().replace("http://", "http://me:s%3Acr%C3%A9t@"))
          .register(SUBJECT, SCHEMA);
      assertThat(registry.requests)
          .extracting(RegistryStandIn.Request::authorization)
          .containsExactly(expected, expected);
    }
  }

  @Test
  void doesNotTellPasswords() throws Exception {
    try (RegistryStandIn registry = new RegistryStandIn(new Answer(401, ""))) {
      HttpSchemaRegistry client = client(registry.url().replace("http://", "http://me:secret@"));
      assertThatThrownBy(() -> client.register(SUBJECT, SCHEMA))
          .isInstanceOf(RegistryRefused.class)
          .hasMessageNotContaining("secret");
    }
  }

  @Test
  void refusesAnAnswerWithoutEnd() throws Exception {
    try (RegistryStandIn registry =
        new RegistryStandIn(new Answer(200, "[" + " ".repeat(5 << 20) + "]"))) {
      HttpSchemaRegistry client = client(registry.url(), RegistryConfig.RETRY_TIMEOUT_MS, "100");
      assertThatThrownBy(() -> client.byId(1))
          .isInstanceOf(RegistryUnavailable.class)
          .hasMessageContaining("longer than");
    }
  }

  /** Asks while every thread of the common pool is taken. */
  static final class BusyCommonPool {
    public static void main(String[] args) throws InterruptedException {
      int threads = ForkJoinPool.getCommonPoolParallelism();
      CountDownLatch taken = new CountDownLatch(threads);
      for (int i = 0; i < threads; i++) {
        ForkJoinPool.commonPool()
            .execute(
                () -> {
                  taken.countDown();
                  LockSupport.parkNanos(TimeUnit.MINUTES.toNanos(1));
                });
      }
      taken.await();
      System.out.println(client(args[0]).register(SUBJECT, SCHEMA));
    }
  }

  @Test
  void needsNoThreadThatOthersMayKeep() throws Exception {
    try (RegistryStandIn registry = new RegistryStandIn(SEVEN)) {
      Process asking =
          new ProcessBuilder(
                  Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                  "-Djava.util.concurrent.ForkJoinPool.common.parallelism=2",
                  "-cp",
                  System.getProperty("java.class.path"),
                  BusyCommonPool.class.getName(),
                  registry.url())
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .start();
      try (BufferedReader out = asking.inputReader()) {
        assertThat(out.readLine()).isEqualTo("7");
      } finally {
        asking.destroyForcibly();
      }
    }
  }

  private static String quoted(String text) {
    return com.fasterxml.jackson.databind.node.TextNode.valueOf(text).toString();
  }
}
