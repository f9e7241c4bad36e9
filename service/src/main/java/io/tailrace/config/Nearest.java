package io.tailrace.config;

import java.util.Collection;
import java.util.Locale;
import java.util.Optional;

/** Finds the name that somebody most likely meant. */
public final class Nearest {
  private static final int LONGEST_NAME = 80;
  private static final int SHORTEST_PART = 3;
  private static final String SEPARATORS = "-_. ";

  private Nearest() {}

  /** The candidate closest to what was written, when one is close enough to be meant. */
  public static Optional<String> to(String written, Collection<String> candidates) {
    String wanted = plain(written);
    if (wanted.isEmpty() || wanted.length() > LONGEST_NAME) {
      return Optional.empty();
    }
    String best = null;
    int bestDistance = Integer.MAX_VALUE;
    for (String candidate : candidates) {
      int distance =
          Math.min(likeness(wanted, plain(candidate)), likenessToPart(wanted, candidate));
      if (distance < bestDistance) {
        bestDistance = distance;
        best = candidate;
      }
    }
    return Optional.ofNullable(best);
  }

  /** Lower is nearer; what is too far to be meant is Integer.MAX_VALUE. */
  private static int likeness(String wanted, String candidate) {
    if (candidate.length() > LONGEST_NAME) {
      return Integer.MAX_VALUE;
    }
    int distance = distance(wanted, candidate);
    if (distance <= Math.max(1, Math.max(wanted.length(), candidate.length()) / 3)) {
      return distance;
    }
    boolean prefix = wanted.length() >= SHORTEST_PART && candidate.startsWith(wanted);
    return prefix ? LONGEST_NAME + distance : Integer.MAX_VALUE;
  }

  /** Of names of several words people often write the first ones or the last ones only. */
  private static int likenessToPart(String wanted, String candidate) {
    int best = Integer.MAX_VALUE;
    for (int i = 1; i < candidate.length() - 1; i++) {
      if (SEPARATORS.indexOf(candidate.charAt(i)) >= 0) {
        best = Math.min(best, distanceToPart(wanted, plain(candidate.substring(0, i))));
        best = Math.min(best, distanceToPart(wanted, plain(candidate.substring(i))));
      }
    }
    return best == Integer.MAX_VALUE ? best : 2 * LONGEST_NAME + best;
  }

  private static int distanceToPart(String wanted, String part) {
    if (part.length() < SHORTEST_PART || part.length() > LONGEST_NAME) {
      return Integer.MAX_VALUE;
    }
    int distance = distance(wanted, part);
    return distance <= part.length() / 4 ? distance : Integer.MAX_VALUE;
  }

  private static String plain(String name) {
    return name.toLowerCase(Locale.ROOT).replaceAll("[" + SEPARATORS + "]", "");
  }

  /** Edits between two names, a swap of neighbours counted as one. */
  public static int distance(String left, String right) {
    int[][] cost = new int[left.length() + 1][right.length() + 1];
    for (int i = 0; i <= left.length(); i++) {
      cost[i][0] = i;
    }
    for (int j = 0; j <= right.length(); j++) {
      cost[0][j] = j;
    }
    for (int i = 1; i <= left.length(); i++) {
      for (int j = 1; j <= right.length(); j++) {
        int change = left.charAt(i - 1) == right.charAt(j - 1) ? 0 : 1;
        int least = Math.min(cost[i - 1][j] + 1, cost[i][j - 1] + 1);
        least = Math.min(least, cost[i - 1][j - 1] + change);
        if (i > 1
            && j > 1
            && left.charAt(i - 1) == right.charAt(j - 2)
            && left.charAt(i - 2) == right.charAt(j - 1)) {
          least = Math.min(least, cost[i - 2][j - 2] + 1);
        }
        cost[i][j] = least;
      }
    }
    return cost[left.length()][right.length()];
  }
}
