package io.tailrace.objective;

import io.tailrace.record.Series;
import java.util.ArrayList;
import java.util.List;

/**
 * Which series a rule is about: the run (*), a name or a glob of names, or a test of their parts
 * such as {@code tag.team == "payments" && method == "GET"}.
 */
public sealed interface SeriesSelector {
  /** The name of the series that is the whole run; no glob matches it. */
  String RUN_NAME = "*";

  int LONGEST = 500;

  SeriesSelector RUN = new WholeRun();

  boolean matches(Series series);

  /** As it parses back. */
  @Override
  String toString();

  /** The whole run. */
  record WholeRun() implements SeriesSelector {
    @Override
    public boolean matches(Series series) {
      return series.getName().equals(RUN_NAME);
    }

    @Override
    public String toString() {
      return RUN_NAME;
    }
  }

  /** Series by name, or by method and name where the name does not have the method in it. */
  record Named(Glob glob) implements SeriesSelector {
    @Override
    public boolean matches(Series series) {
      String name = series.getName();
      if (name.equals(RUN_NAME)) {
        return false;
      }
      return glob.matches(name)
          || (!series.getMethod().isEmpty() && glob.matches(series.getMethod() + " " + name));
    }

    @Override
    public String toString() {
      return glob.toString();
    }
  }

  /** Series of whose parts every test holds. */
  record Tested(List<Test> tests) implements SeriesSelector {
    @Override
    public boolean matches(Series series) {
      if (series.getName().equals(RUN_NAME)) {
        return false;
      }
      for (Test test : tests) {
        if (!test.holds(series)) {
          return false;
        }
      }
      return true;
    }

    @Override
    public String toString() {
      return String.join(" && ", tests.stream().map(Test::toString).toList());
    }
  }

  /**
   * One part of a series held against a value.
   *
   * @param part name, method, group, or tag. and a tag's name
   * @param equal whether it must equal {@code value}, or must not
   */
  record Test(String part, boolean equal, String value) {
    boolean holds(Series series) {
      String actual =
          switch (part) {
            case "name" -> series.getName();
            case "method" -> series.getMethod();
            case "group" -> series.getGroup();
            default -> series.getTags().getOrDefault(part.substring(TAG.length()), "");
          };
      return actual.equals(value) == equal;
    }

    @Override
    public String toString() {
      return part + (equal ? " == " : " != ") + Cursor.quote(value);
    }
  }

  String TAG = "tag.";

  /** Reads a selector; a text that starts like a test has to be one. */
  static SeriesSelector parse(String text) {
    Cursor cursor = new Cursor(text);
    if (text.isBlank()) {
      throw cursor.fault(0, "expected a series, such as * for the run or \"POST /checkout\"");
    }
    if (text.length() > LONGEST) {
      throw cursor.fault(LONGEST, "expected at most " + LONGEST + " characters");
    }
    for (int i = 0; i < text.length(); i++) {
      if (Character.isISOControl(text.charAt(i))) {
        throw cursor.fault(i, "a control character; expected plain text");
      }
    }
    if (text.equals(RUN_NAME)) {
      return RUN;
    }
    return startsLikeATest(text) ? tested(cursor) : new Named(Glob.of(text));
  }

  private static boolean startsLikeATest(String text) {
    Cursor cursor = new Cursor(text);
    cursor.skipSpace();
    String part = cursor.word();
    cursor.skipSpace();
    String symbol = cursor.symbol();
    boolean compared = symbol.equals("==") || symbol.equals("!=") || symbol.equals("=");
    return compared && (isPart(part) || part.startsWith("tag"));
  }

  private static boolean isPart(String word) {
    return switch (word) {
      case "name", "method", "group" -> true;
      default -> word.startsWith(TAG) && word.length() > TAG.length();
    };
  }

  private static Tested tested(Cursor cursor) {
    List<Test> tests = new ArrayList<>();
    do {
      int start = cursor.skipSpace();
      String part = cursor.word();
      if (!isPart(part)) {
        throw cursor.fault(start, "expected name, method, group or tag.NAME");
      }
      int at = cursor.skipSpace();
      String symbol = cursor.symbol();
      if (!symbol.equals("==") && !symbol.equals("!=")) {
        throw cursor.fault(at, "expected == or !=");
      }
      cursor.skipSpace();
      tests.add(new Test(part, symbol.equals("=="), cursor.quoted()));
    } while (and(cursor));
    return new Tested(List.copyOf(tests));
  }

  private static boolean and(Cursor cursor) {
    if (cursor.atEnd()) {
      return false;
    }
    int start = cursor.at();
    if (cursor.symbol().equals("&&") || cursor.takeWord("and")) {
      return true;
    }
    throw cursor.fault(start, "expected && and another test, or the end");
  }
}
