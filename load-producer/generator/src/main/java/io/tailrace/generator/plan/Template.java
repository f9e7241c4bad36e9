package io.tailrace.generator.plan;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** A text with {@code {{…}}} in it, compiled once and rendered for every request. */
public final class Template {

  private static final Pattern REFERENCE = Pattern.compile("\\{\\{([^{}]*)}}");
  private static final Pattern RANDOM =
      Pattern.compile("random\\(\\s*(-?\\d{1,17})\\s*,\\s*(-?\\d{1,17})\\s*\\)");
  private static final Pattern RANDOM_TEXT =
      Pattern.compile("random\\.text\\(\\s*(\\d{1,6})\\s*\\)");

  private final String source;
  private final List<Part> parts;

  private Template(String source, List<Part> parts) {
    this.source = source;
    this.parts = parts;
  }

  /**
   * Compiles a text.
   *
   * @throws IllegalArgumentException whose message completes the sentence "expected …"
   */
  static Template compile(String text, Names names) {
    List<Part> parts = new ArrayList<>();
    Matcher reference = REFERENCE.matcher(text);
    int end = 0;
    while (reference.find()) {
      addLiteral(parts, text.substring(end, reference.start()));
      parts.add(part(reference.group(1).strip(), names));
      end = reference.end();
    }
    String rest = text.substring(end);
    if (rest.contains("{{")) {
      throw new IllegalArgumentException("a }} for every {{");
    }
    addLiteral(parts, rest);
    return new Template(text, List.copyOf(parts));
  }

  private static void addLiteral(List<Part> parts, String text) {
    if (!text.isEmpty()) {
      parts.add(new Part.Literal(text));
    }
  }

  private static Part part(String expression, Names names) {
    return switch (expression) {
      case "uuid" -> new Part.RandomUuid();
      case "timestamp" -> new Part.Timestamp();
      case "iteration" -> new Part.Iteration();
      default -> parameterized(expression, names);
    };
  }

  private static Part parameterized(String expression, Names names) {
    if (expression.startsWith("env.")) {
      return new Part.Literal(names.environment(expression.substring("env.".length())));
    }
    Matcher random = RANDOM.matcher(expression);
    if (random.matches()) {
      long least = Long.parseLong(random.group(1));
      long most = Long.parseLong(random.group(2));
      if (most < least) {
        throw new IllegalArgumentException(
            "{{" + expression + "}}: expected the second number to be at least the first");
      }
      return new Part.RandomNumber(least, most);
    }
    Matcher text = RANDOM_TEXT.matcher(expression);
    if (text.matches()) {
      return new Part.RandomText(Integer.parseInt(text.group(1)));
    }
    return new Part.Slot(expression, names.slotOf(expression));
  }

  /** Whether every rendering is the same. */
  public boolean isConstant() {
    return parts.stream().allMatch(Part.Literal.class::isInstance);
  }

  public String render(Session session) {
    if (parts.size() == 1 && parts.get(0) instanceof Part.Literal literal) {
      return literal.text();
    }
    StringBuilder out = new StringBuilder(source.length() + 32);
    for (Part part : parts) {
      part.appendTo(out, session);
    }
    return out.toString();
  }

  /** As {@link #render}, with what is put in escaped so that it stays one piece of an address. */
  public String renderForAddress(Session session) {
    if (parts.size() == 1 && parts.get(0) instanceof Part.Literal literal) {
      return literal.text();
    }
    StringBuilder out = new StringBuilder(source.length() + 32);
    StringBuilder piece = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Literal literal) {
        out.append(literal.text());
      } else {
        piece.setLength(0);
        part.appendTo(piece, session);
        out.append(escaped(piece.toString()));
      }
    }
    return out.toString();
  }

  static String escaped(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      boolean plain =
          (c >= 'a' && c <= 'z')
              || (c >= 'A' && c <= 'Z')
              || (c >= '0' && c <= '9')
              || c == '-'
              || c == '_'
              || c == '.';
      if (!plain) {
        return URLEncoder.encode(value, StandardCharsets.UTF_8).replace("+", "%20");
      }
    }
    return value;
  }

  /** The text with each reference as {@code {id}}: what a request is named after. */
  String asName() {
    StringBuilder name = new StringBuilder();
    for (Part part : parts) {
      if (part instanceof Part.Literal literal) {
        name.append(literal.text());
      } else if (part instanceof Part.Slot slot) {
        name.append('{')
            .append(slot.name().substring(slot.name().lastIndexOf('.') + 1))
            .append('}');
      } else if (part instanceof Part.RandomUuid) {
        name.append("{uuid}");
      } else {
        name.append("{n}");
      }
    }
    return name.toString();
  }

  @Override
  public String toString() {
    return source;
  }
}
