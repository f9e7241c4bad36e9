package io.tailrace.aggregator.sla;

import io.tailrace.record.Series;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.TreeMap;

/** The name of an episode, the same whoever computes it and however often. */
final class ViolationId {
  private static final int HEX_DIGITS = 32;

  private ViolationId() {}

  static String of(String run, String rule, Series series, int episode) {
    MessageDigest digest = sha256();
    update(digest, run);
    update(digest, rule);
    update(digest, series.getName());
    update(digest, series.getMethod());
    update(digest, series.getGroup());
    new TreeMap<>(series.getTags())
        .forEach(
            (key, value) -> {
              update(digest, key);
              update(digest, value);
            });
    update(digest, Integer.toString(episode));
    return HexFormat.of().formatHex(digest.digest()).substring(0, HEX_DIGITS);
  }

  /** Behind its length, so that no two lists of texts look the same. */
  private static void update(MessageDigest digest, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    digest.update((bytes.length + ":").getBytes(StandardCharsets.US_ASCII));
    digest.update(bytes);
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException everyPlatformHasIt) {
      throw new IllegalStateException(everyPlatformHasIt);
    }
  }
}
