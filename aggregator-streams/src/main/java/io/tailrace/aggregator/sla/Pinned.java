package io.tailrace.aggregator.sla;

import io.tailrace.objective.Glob;
import io.tailrace.objective.Rule;
import io.tailrace.record.Objective;
import io.tailrace.record.RuleSet;
import io.tailrace.record.RunDescription;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/**
 * The objectives that apply to a run, chosen once: those of its plan, then those of the
 * organisation's rule sets in the order of their names.
 *
 * @param notes what was left out, for people
 */
public record Pinned(List<Objective> objectives, List<String> notes) {
  /** Together with what is said of each in the end, they have to fit one record. */
  public static final int MOST_OBJECTIVES = 2_000;

  private static final int MOST_BYTES = 250_000;

  public static Pinned of(RunDescription description, Collection<RuleSet> ruleSets) {
    Choice choice = new Choice();
    description.getObjectives().forEach(objective -> choice.add(objective, ""));
    ruleSets.stream()
        .filter(rules -> applies(rules, description))
        .sorted(Comparator.comparing(RuleSet::getName))
        .forEach(rules -> rules.getObjectives().forEach(o -> choice.add(o, rules.getName() + "/")));
    return choice.pinned();
  }

  /** Whether a rule set is about runs like this one. */
  public static boolean applies(RuleSet rules, RunDescription description) {
    return Glob.of(rules.getTestName()).matches(description.getTestName())
        && Glob.of(rules.getEnvironment()).matches(description.getEnvironment());
  }

  private static final class Choice {
    private final List<Objective> objectives = new ArrayList<>();
    private final Set<String> names = new HashSet<>();
    private long bytes;
    private int leftOut;

    /** Takes an objective under a name that no other has. */
    void add(Objective objective, String prefix) {
      String name = fitting(prefix + objective.getName(), "");
      for (int i = 2; names.contains(name); i++) {
        name = fitting(prefix + objective.getName(), " #" + i);
      }
      int size = 50 + utf8(name) + utf8(objective.getExpression()) + utf8(objective.getSeries());
      if (objectives.size() >= MOST_OBJECTIVES || bytes + size > MOST_BYTES) {
        leftOut++;
        return;
      }
      bytes += size;
      names.add(name);
      objectives.add(name.equals(objective.getName()) ? objective : named(objective, name));
    }

    /** A name that is only too long because of what was put before it must not hide its rule. */
    private static String fitting(String name, String suffix) {
      int most = Rule.LONGEST_NAME - suffix.length();
      return (name.length() <= most ? name : name.substring(0, most - 1) + "…") + suffix;
    }

    private static int utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8).length;
    }

    /** By hand: Avro's own builder copies deeply, and asks for trust in every class it copies. */
    private static Objective named(Objective objective, String name) {
      return new Objective(
          name,
          objective.getExpression(),
          objective.getSeries(),
          objective.getOverMicros(),
          objective.getForMicros(),
          objective.getRecoverMicros(),
          objective.getIgnoreMicros(),
          objective.getMinRequests(),
          objective.getSeverity(),
          objective.getAction());
    }

    Pinned pinned() {
      List<String> notes =
          leftOut == 0
              ? List.of()
              : List.of(
                  leftOut
                      + " objectives were left out: a run has at most "
                      + MOST_OBJECTIVES
                      + ", or "
                      + MOST_BYTES
                      + " bytes of them");
      return new Pinned(List.copyOf(objectives), notes);
    }
  }
}
