package io.tailrace.registry;

import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.common.config.ConfigDef;
import org.apache.kafka.common.config.SslConfigs;

/** Kafka's own defaults for TLS, under what is configured. */
final class TlsDefaults {
  private TlsDefaults() {}

  static Map<String, Object> over(Map<String, Object> given) {
    ConfigDef definition = new ConfigDef();
    SslConfigs.addClientSslSupport(definition);
    return new HashMap<>(definition.parse(given));
  }
}
