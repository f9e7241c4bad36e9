package io.tailrace.sink.core.template;

import com.github.jknack.handlebars.Options;
import java.io.IOException;
import java.io.Writer;

/** One rendering: how far it may go, and whether it only rehearses to find unknown names. */
final class Rendering {
  static final String KEY = Rendering.class.getName();
  private static final int MOST_STEPS = 10_000;

  private final boolean rehearsal;
  private final int longest;
  private int steps;

  Rendering(boolean rehearsal, int longest) {
    this.rehearsal = rehearsal;
    this.longest = longest;
  }

  static Rendering of(Options options) {
    Rendering rendering = options.data(KEY);
    return rendering;
  }

  boolean isRehearsal() {
    return rehearsal;
  }

  /** Counts one block or item, and what it has made so far: both are bounded. */
  void step(int length) {
    steps++;
    if (steps > MOST_STEPS) {
      throw new IllegalArgumentException("the template takes more than " + MOST_STEPS + " steps");
    }
    refuseLonger(length);
  }

  private void refuseLonger(int length) {
    if (length > longest) {
      throw new IllegalArgumentException("the template makes more than " + longest + " characters");
    }
  }

  /** Collects the text. */
  Writer writer(StringBuilder text) {
    return new Writer() {
      @Override
      public void write(char[] characters, int from, int length) throws IOException {
        refuseLonger(text.length() + length);
        text.append(characters, from, length);
      }

      @Override
      public void flush() {}

      @Override
      public void close() {}
    };
  }
}
