package io.tailrace.sink.jira;

import java.util.regex.Pattern;

/**
 * Values made harmless in Jira's wiki markup, see
 * https://jira.atlassian.com/secure/WikiRendererHelpAction.jspa.
 */
final class WikiMarkup {
  private static final int LONGEST_VALUE = 2_000;
  private static final String SPECIAL = "\\{}[]|*_-+^~?!#@()<>";
  private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\u2028\u2029]+");

  /** Marks that count at the beginning of a line, where a value may well come to stand. */
  private static final Pattern LINE_MARK = Pattern.compile("^(\\s*(?:h[1-6]|bq))\\.");

  /** An address without anything that could end the link it stands in. */
  private static final Pattern ADDRESS = Pattern.compile("https?://[A-Za-z0-9._~:/?#@$&,;=%+-]+");

  private WikiMarkup() {}

  static String escape(String value) {
    String line = LINE_BREAKS.matcher(Texts.cut(value, LONGEST_VALUE)).replaceAll(" ");
    if (ADDRESS.matcher(line).matches()) {
      return line;
    }
    // A zero-width space: there is no escape for a heading's mark.
    String unmarked = LINE_MARK.matcher(line).replaceFirst("$1\u200B.");
    StringBuilder text = new StringBuilder(unmarked.length() + 16);
    for (int i = 0; i < unmarked.length(); i++) {
      char c = unmarked.charAt(i);
      if (SPECIAL.indexOf(c) >= 0) {
        text.append('\\');
      }
      text.append(c);
    }
    return text.toString();
  }
}
