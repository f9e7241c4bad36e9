package io.tailrace.objective;

/** Text that is not in the language of objectives, and the character where that shows. */
public final class GrammarException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;
  private static final int SHOWN = 200;

  private final String text;
  private final int column;
  private final String fault;

  GrammarException(String text, int column, String fault) {
    super("column " + column + " of \"" + shortened(text) + "\": " + fault);
    this.text = text;
    this.column = column;
    this.fault = fault;
  }

  /** The character at fault, counted from 1; one past the end when something is missing there. */
  public int column() {
    return column;
  }

  /** What is wrong, without where. */
  public String fault() {
    return fault;
  }

  /** The text with a mark under the character at fault. */
  public String pointed() {
    return shortened(text) + "\n" + " ".repeat(Math.min(column - 1, SHOWN)) + "^ " + fault;
  }

  private static String shortened(String text) {
    String line = text.replace('\n', ' ').replace('\r', ' ').replace('\t', ' ');
    return line.length() <= SHOWN ? line : line.substring(0, SHOWN) + "…";
  }
}
