package io.tailrace.embedded;

import java.util.Locale;
import java.util.Optional;

/** Whether a registry, or one of its subjects, accepts changes. */
enum RegistryMode {
  READWRITE,
  READONLY;

  static Optional<RegistryMode> named(String name) {
    for (RegistryMode mode : values()) {
      if (mode.name().equals(name.toUpperCase(Locale.ROOT))) {
        return Optional.of(mode);
      }
    }
    return Optional.empty();
  }
}
