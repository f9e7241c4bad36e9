package io.tailrace.publisher;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The producer's properties: the user's, under those that the publisher's promises rest on. */
final class ProducerProperties {

  private static final Logger log = LoggerFactory.getLogger(ProducerProperties.class);

  /** Without these there would be no order, no single delivery, or another partition. */
  private static final Map<String, Object> PROMISED =
      Map.of(
          ProducerConfig.ACKS_CONFIG,
          "all",
          ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG,
          "true",
          // A batch that expired while a later one went through would break the order: none
          // expires.
          ProducerConfig.DELIVERY_TIMEOUT_MS_CONFIG,
          Integer.MAX_VALUE,
          ProducerConfig.RETRIES_CONFIG,
          Integer.MAX_VALUE,
          ProducerConfig.LINGER_MS_CONFIG,
          0,
          // The flusher waits here, never a recording thread; and it has other things to do.
          ProducerConfig.MAX_BLOCK_MS_CONFIG,
          200);

  private static final List<String> REFUSED =
      List.of(
          ProducerConfig.TRANSACTIONAL_ID_CONFIG,
          ProducerConfig.PARTITIONER_CLASS_CONFIG,
          ProducerConfig.PARTITIONER_IGNORE_KEYS_CONFIG);

  private ProducerProperties() {}

  static Map<String, Object> from(Map<String, ?> given, String clientId, MemoryShares shares) {
    for (String key : REFUSED) {
      if (given.containsKey(key)) {
        throw new IllegalArgumentException(
            "kafka property %s=%s: the publisher decides it; leave it out"
                .formatted(key, given.get(key)));
      }
    }
    Map<String, Object> properties = new HashMap<>();
    properties.put(ProducerConfig.CLIENT_ID_CONFIG, clientId);
    properties.put(ProducerConfig.COMPRESSION_TYPE_CONFIG, "lz4");
    // The client's own metrics go to the brokers only where these ask for them; here they cost the
    // load its core. Health and the ledger say how a publisher does.
    properties.put(ProducerConfig.ENABLE_METRICS_PUSH_CONFIG, "false");
    properties.putAll(given);
    PROMISED.forEach(
        (key, value) -> {
          Object other = properties.put(key, value);
          if (other != null && !other.toString().equals(value.toString())) {
            log.warn("kafka property {}={}: the publisher uses {}", key, other, value);
          }
        });
    properties.put(ProducerConfig.BUFFER_MEMORY_CONFIG, shares.producerBytes());
    properties.put(ProducerConfig.BATCH_SIZE_CONFIG, shares.producerBatchBytes());
    properties.put(ProducerConfig.KEY_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    properties.put(ProducerConfig.VALUE_SERIALIZER_CLASS_CONFIG, ByteArraySerializer.class);
    return properties;
  }
}
