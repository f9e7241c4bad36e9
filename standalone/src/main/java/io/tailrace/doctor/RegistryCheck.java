package io.tailrace.doctor;

import io.tailrace.config.KafkaConnection;
import io.tailrace.record.SampleBatch;
import io.tailrace.registry.HttpSchemaRegistry;
import io.tailrace.registry.RegistryRefused;
import io.tailrace.registry.RegistryUnavailable;
import io.tailrace.registry.SchemaRegistry;
import io.tailrace.topics.Topics;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.KafkaException;

/** Whether the schema registry answers, and knows the schema of samples. */
public final class RegistryCheck {
  private static final String REGISTRY = "registry";
  private static final String PATIENCE_MILLIS = "3000";

  private RegistryCheck() {}

  public static void examine(KafkaConnection kafka, Topics topics, Findings findings) {
    if (kafka.registryUrl().isEmpty()) {
      findings.wrong(
          REGISTRY,
          "kafka.schema.registry.url is not set",
          "name one, or run a small one beside the cluster: tailrace registry");
      return;
    }
    String subject = SchemaRegistry.valueSubject(topics.samples());
    String address = kafka.registryUrl().get().replaceAll("//[^/@]*@", "//");
    try {
      int id = client(kafka).idOf(subject, SampleBatch.getClassSchema());
      findings.fine(REGISTRY, address + ": samples travel under schema " + id);
    } catch (RegistryRefused refused) {
      if (refused.notFound()) {
        findings.fine(REGISTRY, address + ": answers, and has no schema of samples yet");
      } else {
        findings.wrong(
            REGISTRY,
            String.valueOf(refused.getMessage()),
            "do basic.auth.user.info and its kin fit?");
      }
    } catch (RegistryUnavailable e) {
      findings.wrong(
          REGISTRY, String.valueOf(e.getMessage()), "is it running, and is this its address?");
    } catch (KafkaException e) {
      findings.wrong(
          REGISTRY, String.valueOf(e.getMessage()), "see schema.registry.* in the kafka: block");
    }
  }

  private static HttpSchemaRegistry client(KafkaConnection kafka) {
    Map<String, Object> impatient = new TreeMap<>(kafka.clientProperties());
    impatient.putIfAbsent("schema.registry.retry.timeout.ms", PATIENCE_MILLIS);
    impatient.putIfAbsent("http.connect.timeout.ms", PATIENCE_MILLIS);
    return new HttpSchemaRegistry(impatient);
  }
}
