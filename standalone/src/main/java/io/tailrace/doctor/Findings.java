package io.tailrace.doctor;

import io.tailrace.doctor.Finding.State;
import java.util.function.Consumer;

/** Hands findings on as they are made, and remembers how many are wrong. */
public final class Findings {
  private final Consumer<Finding> reader;
  private int wrong;

  public Findings(Consumer<Finding> reader) {
    this.reader = reader;
  }

  public void fine(String subject, String text) {
    reader.accept(new Finding(State.FINE, subject, text, ""));
  }

  public void doubtful(String subject, String text, String cure) {
    reader.accept(new Finding(State.DOUBTFUL, subject, text, cure));
  }

  public void wrong(String subject, String text, String cure) {
    wrong++;
    reader.accept(new Finding(State.WRONG, subject, text, cure));
  }

  public int wrong() {
    return wrong;
  }
}
