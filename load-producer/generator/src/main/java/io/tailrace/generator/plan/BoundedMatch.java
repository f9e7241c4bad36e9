package io.tailrace.generator.plan;

import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Regular expressions over answers nobody vouches for: a search gives up instead of hanging. */
final class BoundedMatch {

  /** Some tens of milliseconds; an ordinary search looks at each character a few times. */
  private static final long MAX_LOOKS = 5_000_000;

  private BoundedMatch() {}

  /** The first group of the first match, or all of it; null without a match or beyond the bound. */
  static @Nullable String firstGroup(Pattern pattern, String text) {
    Matcher matcher = pattern.matcher(new CountedText(text, 0, text.length(), new Looks()));
    try {
      if (!matcher.find()) {
        return null;
      }
      return matcher.groupCount() > 0 ? matcher.group(1) : matcher.group();
    } catch (TooManyLooks | StackOverflowError e) {
      return null;
    }
  }

  /** How many characters a search has looked at. */
  private static final class Looks {
    private long taken;
  }

  private record CountedText(String text, int start, int end, Looks looks) implements CharSequence {
    @Override
    public char charAt(int index) {
      if (++looks.taken > MAX_LOOKS) {
        throw new TooManyLooks();
      }
      return text.charAt(start + index);
    }

    @Override
    public int length() {
      return end - start;
    }

    @Override
    public CharSequence subSequence(int from, int to) {
      return new CountedText(text, start + from, start + to, looks);
    }

    @Override
    public String toString() {
      return text.substring(start, end);
    }
  }

  private static final class TooManyLooks extends RuntimeException {
    private static final long serialVersionUID = 1L;

    TooManyLooks() {
      super("the regular expression looked at too many characters", null, false, false);
    }
  }
}
