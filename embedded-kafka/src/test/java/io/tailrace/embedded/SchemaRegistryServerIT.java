package io.tailrace.embedded;

import static io.tailrace.embedded.RegistryProbe.body;
import static io.tailrace.embedded.RegistryProbe.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.embedded.RegistryProbe.Answer;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.http.HttpRequest.BodyPublishers;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.StringDeserializer;
import org.apache.kafka.common.serialization.StringSerializer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SchemaRegistryServerIT {
  private static final TopicPartition LOG = new TopicPartition(SchemasTopic.NAME, 0);

  @Test
  void handsOutEachIdOnceHoweverManyRegistriesAreAsked() throws Exception {
    int schemas = 10;
    try (EmbeddedKafka broker = EmbeddedKafka.start();
        SchemaRegistryServer one = SchemaRegistryServer.start(broker.bootstrapServers(), 0);
        SchemaRegistryServer two = SchemaRegistryServer.start(broker.bootstrapServers(), 0);
        SchemaRegistryServer three = SchemaRegistryServer.start(broker.bootstrapServers(), 0)) {
      List<RegistryProbe> registries =
          Stream.of(one, two, three).map(server -> new RegistryProbe(server.url())).toList();
      ExecutorService callers = Executors.newFixedThreadPool(registries.size());
      List<Callable<Map<String, Integer>>> work = new ArrayList<>();
      for (int i = 0; i < registries.size(); i++) {
        int caller = i;
        work.add(() -> registerAll(registries.get(caller), caller, schemas));
      }
      Map<String, Integer> ids = new HashMap<>();
      for (Future<Map<String, Integer>> done : callers.invokeAll(work)) {
        done.get()
            .forEach((schema, id) -> assertThat(ids.merge(schema, id, (a, b) -> b)).isEqualTo(id));
      }
      callers.shutdown();

      // Each caller's own schemas, and those that all of them have registered at the same time.
      assertThat(ids).hasSize((registries.size() + 1) * schemas);
      assertThat(Set.copyOf(ids.values())).hasSameSizeAs(ids.values());
      for (RegistryProbe probe : registries) {
        ids.forEach(
            (schema, id) ->
                assertThat(probe.get("/schemas/ids/" + id).body().path("schema").textValue())
                    .isEqualTo(schema));
        assertThat(probe.get("/subjects/everybody-value/versions").body()).hasSize(schemas);
      }
    }
  }

  private static Map<String, Integer> registerAll(RegistryProbe probe, int caller, int schemas) {
    Map<String, Integer> ids = new HashMap<>();
    for (int i = 0; i < schemas; i++) {
      String own = record("Own", "of" + caller + "number" + i + ":long?");
      String common = record("Common", "number" + i + ":long?");
      ids.put(own, probe.register("caller" + caller + "-value", own));
      ids.put(common, probe.register("everybody-value", common));
    }
    return ids;
  }

  @Test
  void knowsItsSchemasAfterARestartOfEverything(@TempDir Path folder) {
    int id;
    try (EmbeddedKafka broker = EmbeddedKafka.start(folder);
        SchemaRegistryServer registry = SchemaRegistryServer.start(broker.bootstrapServers(), 0)) {
      RegistryProbe probe = new RegistryProbe(registry.url());
      probe.send("PUT", "/config/t-value", "{\"compatibility\":\"FULL\"}");
      probe.register("other-value", record("Other", "a:long"));
      id = probe.register("t-value", record("S", "a:long"));
    }
    try (EmbeddedKafka broker = EmbeddedKafka.start(folder);
        SchemaRegistryServer registry = SchemaRegistryServer.start(broker.bootstrapServers(), 0)) {
      RegistryProbe probe = new RegistryProbe(registry.url());
      assertThat(probe.register("t-value", record("S", "a:long"))).isEqualTo(id);
      assertThat(probe.register("t-value", record("S", "a:long", "b:string?"))).isEqualTo(id + 1);
      assertThat(probe.get("/config/t-value").body().path("compatibilityLevel").asText())
          .isEqualTo("FULL");
    }
  }

  @Test
  void saysThatItsClusterIsAwayRatherThanThatASchemaIsUnknown(@TempDir Path folder) {
    try (KafkaProcess broker = KafkaProcess.start(folder);
        SchemaRegistryServer registry = SchemaRegistryServer.start(broker.bootstrapServers(), 0)) {
      RegistryProbe probe = new RegistryProbe(registry.url());
      int id = probe.register("t-value", record("S", "a:long"));
      broker.kill();
      assertThat(probe.get("/schemas/ids/" + id).status()).isEqualTo(200);
      Answer unknown = probe.get("/schemas/ids/4711");
      assertThat(unknown.status()).isEqualTo(500);
      assertThat(unknown.errorCode()).isIn(50001, 50002);
      broker.startAgain();
      assertThat(probe.get("/schemas/ids/4711").errorCode()).isEqualTo(40403);
      assertThat(probe.register("t-value", record("S", "a:long", "b:string?"))).isEqualTo(id + 1);
    }
  }

  @Test
  void writesItsTopicInTheShapeOtherRegistriesRead() {
    try (EmbeddedKafka broker = EmbeddedKafka.start();
        SchemaRegistryServer registry = SchemaRegistryServer.start(broker.bootstrapServers(), 0)) {
      RegistryProbe probe = new RegistryProbe(registry.url());
      probe.send("PUT", "/config", "{\"compatibility\":\"FULL_TRANSITIVE\"}");
      probe.send("PUT", "/mode/t-value", "{\"mode\":\"READWRITE\"}");
      probe.register("t-value", "\"string\"");
      probe.send("DELETE", "/subjects/t-value", "");
      assertThat(log(broker))
          .containsExactly(
              """
              {"keytype":"CONFIG","subject":null,"magic":0}=\
              {"compatibilityLevel":"FULL_TRANSITIVE"}""",
              """
              {"keytype":"MODE","subject":"t-value","magic":0}={"mode":"READWRITE"}""",
              """
              {"keytype":"SCHEMA","subject":"t-value","version":1,"magic":1}=\
              {"subject":"t-value","version":1,"id":1,"schema":"\\"string\\"","deleted":false}""",
              """
              {"keytype":"DELETE_SUBJECT","subject":"t-value","magic":0}=\
              {"subject":"t-value","version":1}""");
    }
  }

  @Test
  void takesOverATopicThatAnotherRegistryHasWritten() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start()) {
      createLog(broker, 1, "compact");
      write(broker, "{\"keytype\":\"NOOP\",\"magic\":0}", null);
      write(broker, "not JSON", "neither");
      write(
          broker,
          "{\"keytype\":\"SCHEMA\",\"subject\":\"t-value\",\"version\":1,\"magic\":1}",
          "{\"subject\":\"t-value\",\"version\":1,\"id\":100001,\"md5\":\"x\",\"schema\":\"\\\"string\\\"\",\"deleted\":false}");
      write(
          broker,
          "{\"keytype\":\"SCHEMA\",\"subject\":\"json-value\",\"version\":1,\"magic\":1}",
          "{\"subject\":\"json-value\",\"version\":1,\"id\":100002,\"schemaType\":\"JSON\",\"schema\":\"{}\",\"deleted\":false}");
      write(
          broker,
          "{\"keytype\":\"SCHEMA\",\"subject\":\"gone-value\",\"version\":1,\"magic\":1}",
          null);
      try (SchemaRegistryServer registry =
          SchemaRegistryServer.start(broker.bootstrapServers(), 0)) {
        RegistryProbe probe = new RegistryProbe(registry.url());
        assertThat(probe.get("/subjects").body().toString())
            .isEqualTo("[\"json-value\",\"t-value\"]");
        assertThat(probe.get("/schemas/ids/100002").body().path("schemaType").asText())
            .isEqualTo("JSON");
        assertThat(probe.register("t-value", "\"string\"")).isEqualTo(100001);
        assertThat(probe.register("new-value", "\"long\"")).isEqualTo(100003);
        assertThat(
                probe.send("POST", "/subjects/json-value/versions", body("\"string\"")).errorCode())
            .isEqualTo(409);
      }
    }
  }

  @Test
  void refusesATopicThatWouldLoseOrReorderSchemas() throws Exception {
    try (EmbeddedKafka broker = EmbeddedKafka.start()) {
      createLog(broker, 1, "delete");
      assertThatThrownBy(() -> SchemaRegistryServer.start(broker.bootstrapServers(), 0))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("topic _schemas has cleanup.policy=delete");
    }
    try (EmbeddedKafka broker = EmbeddedKafka.start()) {
      createLog(broker, 2, "compact");
      assertThatThrownBy(() -> SchemaRegistryServer.start(broker.bootstrapServers(), 0))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("topic _schemas has 2 partitions");
    }
  }

  @Test
  void saysThatThePortIsTaken() throws IOException {
    try (ServerSocket holder = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      assertThatThrownBy(
              () ->
                  SchemaRegistryServer.start(
                      TestKafka.shared().bootstrapServers(), holder.getLocalPort()))
          .isInstanceOf(SchemaRegistryException.class)
          .hasMessageContaining("cannot listen on /127.0.0.1:" + holder.getLocalPort());
    }
  }

  @Test
  void answersBadRequestsAndGoesOn() {
    RegistryProbe probe = new RegistryProbe(TestKafka.shared().registryUrl());
    String subject = TestKafka.shared().uniqueName("bad");
    String path = "/subjects/" + subject + "/versions";
    assertRefused(probe.send("POST", path, body("x".repeat(1 << 20))), 413, 413);
    assertRefused(probe.send("POST", path, "{\"schema\":" + "[".repeat(100_000)), 400, 400);
    String nested = "{\"type\":\"array\",\"items\":".repeat(5_000);
    assertRefused(probe.send("POST", path, body(nested)), 422, 42201);
    byte[] latin1 = body("é").getBytes(StandardCharsets.ISO_8859_1);
    assertRefused(probe.send("POST", path, BodyPublishers.ofByteArray(latin1)), 400, 400);
    assertRefused(probe.send("POST", path, ""), 400, 400);
    assertRefused(probe.send("POST", path, "{\"schema\":7}"), 422, 42201);
    assertRefused(
        probe.send("POST", path, "{\"schema\":\"\\\"int\\\"\",\"schemaType\":\"PROTOBUF\"}"),
        422,
        42201);
    assertRefused(probe.send("POST", path, "{\"schema\":\"\\\"int\\\"\",\"id\":7}"), 422, 42205);
    assertRefused(probe.send("POST", "/subjects/a%00b/versions", body("\"int\"")), 422, 42208);
    assertRefused(
        probe.send("POST", "/subjects/" + "s".repeat(2_000) + "/versions", body("\"int\"")),
        422,
        42208);
    assertRefused(probe.get("/schemas/ids/99999999999"), 404, 40403);
    assertRefused(probe.send("DELETE", "/subjects/x?permanent=true", ""), 422, 42205);
    assertThat(probe.get("/subjects").body().toString()).doesNotContain(subject);
    assertThat(probe.register(subject, "\"int\"")).isPositive();
  }

  @Test
  void keepsWhatIsReadOnly() {
    RegistryProbe probe = new RegistryProbe(TestKafka.shared().registryUrl());
    String subject = TestKafka.shared().uniqueName("frozen");
    probe.register(subject, record("S", "a:long"));
    probe.send("PUT", "/mode/" + subject, "{\"mode\":\"READONLY\"}");
    String path = "/subjects/" + subject;
    assertRefused(
        probe.send("POST", path + "/versions", body(record("S", "a:long", "b:long?"))), 422, 42205);
    assertRefused(probe.send("DELETE", path, ""), 422, 42205);
    assertRefused(
        probe.send("PUT", "/config/" + subject, "{\"compatibility\":\"NONE\"}"), 422, 42205);
    assertThat(probe.register(subject, record("S", "a:long"))).isPositive();
    probe.send("DELETE", "/mode/" + subject, "");
    assertThat(probe.register(subject, record("S", "a:long", "b:long?"))).isPositive();
  }

  private static void assertRefused(Answer answer, int status, int code) {
    assertThat(answer.status()).as(answer.toString()).isEqualTo(status);
    assertThat(answer.errorCode()).as(answer.toString()).isEqualTo(code);
    assertThat(answer.body().path("message").asText().length()).isBetween(1, 700);
  }

  private static void createLog(EmbeddedKafka broker, int partitions, String policy)
      throws Exception {
    try (Admin admin = Admin.create(Map.of("bootstrap.servers", broker.bootstrapServers()))) {
      NewTopic topic =
          new NewTopic(LOG.topic(), Optional.of(partitions), Optional.empty())
              .configs(Map.of("cleanup.policy", policy));
      admin.createTopics(List.of(topic)).all().get();
    }
  }

  private static void write(EmbeddedKafka broker, String key, @Nullable String value)
      throws Exception {
    Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (KafkaProducer<String, String> producer =
        new KafkaProducer<>(properties, new StringSerializer(), new StringSerializer())) {
      producer.send(new ProducerRecord<>(LOG.topic(), key, value)).get();
    }
  }

  /** The topic as a reader that knows nothing of transactions sees it. */
  private static List<String> log(EmbeddedKafka broker) {
    List<String> records = new ArrayList<>();
    Map<String, Object> properties = Map.of("bootstrap.servers", broker.bootstrapServers());
    try (KafkaConsumer<String, String> consumer =
        new KafkaConsumer<>(properties, new StringDeserializer(), new StringDeserializer())) {
      consumer.assign(List.of(LOG));
      consumer.seekToBeginning(List.of(LOG));
      Map<TopicPartition, Long> end = consumer.endOffsets(List.of(LOG));
      while (consumer.position(LOG) < end.getOrDefault(LOG, 0L)) {
        for (ConsumerRecord<String, String> record : consumer.poll(Duration.ofMillis(100))) {
          records.add(record.key() + "=" + record.value());
        }
      }
    }
    return records;
  }
}
