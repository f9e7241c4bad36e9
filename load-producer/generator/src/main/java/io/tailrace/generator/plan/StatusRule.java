package io.tailrace.generator.plan;

import java.util.BitSet;
import java.util.List;

/** Which statuses a step takes for success: below 400 unless the plan names others. */
public final class StatusRule {

  static final String EXPECTED = "statuses such as 200, 2xx or [200, 404]";

  private static final int MOST = 600;

  private final BitSet accepted = new BitSet(MOST);

  private StatusRule() {}

  static StatusRule belowFourHundred() {
    StatusRule rule = new StatusRule();
    rule.accepted.set(0, 400);
    return rule;
  }

  static StatusRule of(List<String> statuses) {
    StatusRule rule = new StatusRule();
    for (String status : statuses) {
      if (status.matches("[1-5]xx")) {
        int first = (status.charAt(0) - '0') * 100;
        rule.accepted.set(first, first + 100);
      } else if (status.matches("[1-5]\\d\\d")) {
        rule.accepted.set(Integer.parseInt(status));
      } else {
        throw new IllegalArgumentException(EXPECTED);
      }
    }
    return rule;
  }

  public boolean accepts(int status) {
    return accepted.get(Math.min(status, MOST));
  }
}
