package io.tailrace.sink.jira;

/** Searches in Jira's query language; every value is quoted. */
final class Jql {
  private Jql() {}

  /** Issues of a project that carry a label, the oldest first. */
  static String labelled(String project, String label) {
    return "project = "
        + quoted(project)
        + " AND labels = "
        + quoted(label)
        + " ORDER BY created ASC";
  }

  /** Those among them that are not done, the latest first. */
  static String openAndLabelled(String project, String label) {
    return "project = "
        + quoted(project)
        + " AND labels = "
        + quoted(label)
        + " AND statusCategory != Done ORDER BY created DESC";
  }

  static String quoted(String value) {
    StringBuilder text = new StringBuilder(value.length() + 2).append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> text.append(Character.isISOControl(c) ? ' ' : c);
      }
    }
    return text.append('"').toString();
  }
}
