package io.tailrace.sink.core.template;

/** Makes a value harmless in the text around it; what the author of a template wrote is kept. */
@FunctionalInterface
public interface Escape {
  String escape(String value);

  /** For texts whose target takes any character as it is. */
  static Escape none() {
    return value -> value;
  }

  /** For values inside the quotes of a JSON text. */
  static Escape json() {
    return Json::escaped;
  }

  /** For values in HTML, in text and in quoted attributes. */
  static Escape html() {
    return value ->
        value
            .replace("&", "&amp;")
            .replace("<", "&lt;")
            .replace(">", "&gt;")
            .replace("\"", "&quot;")
            .replace("'", "&#39;");
  }
}
