package io.tailrace.registry;

import java.util.Map;

/** The settings that serializers read beside those of the registry's client. */
public final class RegistrySettings {
  /** Addresses of the registry, comma separated. */
  public static final String URL = RegistryConfig.URL;

  /** Whether a serializer adds schemas that the registry does not have yet. */
  public static final String AUTO_REGISTER = RegistryConfig.AUTO_REGISTER;

  private RegistrySettings() {}

  public static boolean autoRegister(Map<String, ?> settings) {
    return RegistryConfig.flag(settings, AUTO_REGISTER, true);
  }
}
