package io.tailrace.wire;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/** Names as UTF-8, no longer than readers accept. */
final class Names {
  private Names() {}

  static byte[] utf8(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  /** The name's beginning that fits, never half a character. */
  static byte[] cut(String name) {
    byte[] utf8 = utf8(name);
    if (utf8.length <= WireLimits.MAX_NAME_BYTES) {
      return utf8;
    }
    int length = WireLimits.MAX_NAME_BYTES;
    while ((utf8[length] & 0xc0) == 0x80) {
      length--;
    }
    return Arrays.copyOf(utf8, length);
  }
}
