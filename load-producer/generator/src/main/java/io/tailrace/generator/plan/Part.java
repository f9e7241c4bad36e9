package io.tailrace.generator.plan;

import java.util.List;
import java.util.UUID;
import java.util.random.RandomGenerator;

/** One piece of a template. */
sealed interface Part {

  List<String> FUNCTIONS =
      List.of("uuid", "timestamp", "iteration", "random(least,most)", "random.text(length)");

  void appendTo(StringBuilder out, Session session);

  /** Text that stands in the template as it is. */
  record Literal(String text) implements Part {
    @Override
    public void appendTo(StringBuilder out, Session session) {
      out.append(text);
    }
  }

  /** A variable, a feeder's column, or what an earlier step extracted. */
  record Slot(String name, int slot) implements Part {
    @Override
    public void appendTo(StringBuilder out, Session session) {
      out.append(session.value(slot));
    }
  }

  /** A whole number, both limits included. */
  record RandomNumber(long least, long most) implements Part {
    @Override
    public void appendTo(StringBuilder out, Session session) {
      out.append(session.random().nextLong(least, most + 1));
    }
  }

  /** Letters and digits. */
  record RandomText(int length) implements Part {
    private static final String ALPHABET = "abcdefghijklmnopqrstuvwxyz0123456789";

    @Override
    public void appendTo(StringBuilder out, Session session) {
      RandomGenerator random = session.random();
      for (int i = 0; i < length; i++) {
        out.append(ALPHABET.charAt(random.nextInt(ALPHABET.length())));
      }
    }
  }

  /** A random UUID of version 4, from the session's own generator. */
  record RandomUuid() implements Part {
    @Override
    public void appendTo(StringBuilder out, Session session) {
      long most = (session.random().nextLong() & ~0xF000L) | 0x4000L;
      long least = (session.random().nextLong() & ~(3L << 62)) | (2L << 62);
      out.append(new UUID(most, least));
    }
  }

  /** Milliseconds since 1970. */
  record Timestamp() implements Part {
    @Override
    public void appendTo(StringBuilder out, Session session) {
      out.append(session.nowMillis());
    }
  }

  /** Which arrival, or which turn of a user, this is: unique within the run. */
  record Iteration() implements Part {
    @Override
    public void appendTo(StringBuilder out, Session session) {
      out.append(session.iteration());
    }
  }
}
