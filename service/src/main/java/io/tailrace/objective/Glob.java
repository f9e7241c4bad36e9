package io.tailrace.objective;

/**
 * A pattern in which * stands for any characters and ? for one; a backslash keeps the character
 * after it. Matching never goes back further than the last star: at most pattern times text steps.
 */
public final class Glob {
  private static final char ANY = '\uE000';
  private static final char ONE = '\uE001';

  private final String pattern;
  private final char[] symbols;
  private final boolean literal;

  private Glob(String pattern, char[] symbols, boolean literal) {
    this.pattern = pattern;
    this.symbols = symbols;
    this.literal = literal;
  }

  public static Glob of(String pattern) {
    StringBuilder symbols = new StringBuilder(pattern.length());
    boolean literal = true;
    for (int i = 0; i < pattern.length(); i++) {
      char c = pattern.charAt(i);
      if (c == '\\' && i + 1 < pattern.length()) {
        symbols.append(pattern.charAt(++i));
      } else if (c == '*') {
        literal = false;
        // Stars in a row say no more than one.
        if (symbols.isEmpty() || symbols.charAt(symbols.length() - 1) != ANY) {
          symbols.append(ANY);
        }
      } else if (c == '?') {
        literal = false;
        symbols.append(ONE);
      } else {
        symbols.append(c);
      }
    }
    return new Glob(pattern, symbols.toString().toCharArray(), literal);
  }

  /** Whether it has no star and no question mark: it matches one text only. */
  public boolean isLiteral() {
    return literal;
  }

  public boolean matches(String text) {
    int p = 0;
    int t = 0;
    int afterStar = -1;
    int retryFrom = 0;
    while (t < text.length()) {
      if (p < symbols.length && symbols[p] == ANY) {
        afterStar = ++p;
        retryFrom = t;
      } else if (p < symbols.length && (symbols[p] == ONE || symbols[p] == text.charAt(t))) {
        p++;
        t++;
      } else if (afterStar >= 0) {
        p = afterStar;
        t = ++retryFrom;
      } else {
        return false;
      }
    }
    while (p < symbols.length && symbols[p] == ANY) {
      p++;
    }
    return p == symbols.length;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Glob glob && glob.pattern.equals(pattern);
  }

  @Override
  public int hashCode() {
    return pattern.hashCode();
  }

  @Override
  public String toString() {
    return pattern;
  }
}
