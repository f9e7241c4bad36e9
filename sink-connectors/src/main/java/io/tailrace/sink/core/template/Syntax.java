package io.tailrace.sink.core.template;

import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** What a template may be written with: values, if, each, unless, and a choice of two texts. */
final class Syntax {
  private static final int LONGEST = 64 * 1024;
  private static final int DEEPEST = 16;
  private static final Set<String> BLOCKS = Set.of("if", "each", "unless");
  private static final Pattern COMMENT =
      Pattern.compile("\\{\\{~?!--.*?--~?}}|\\{\\{~?!.*?}}", Pattern.DOTALL);
  private static final Pattern CHOICE =
      Pattern.compile(
          "\\{\\{\\s*([A-Za-z_][\\w.]*)\\s*\\?\\s*(?:'([^'{}]*)'|\"([^\"{}]*)\")"
              + "\\s*:\\s*(?:'([^'{}]*)'|\"([^\"{}]*)\")\\s*}}");
  private static final Pattern TAG =
      Pattern.compile("\\{\\{(\\{?)~?\\s*([#/^>&*=]?)(\\*?)\\s*([^\\s~}]*)");

  private Syntax() {}

  /** The template in plain Handlebars; refuses what is not part of it. */
  static String handlebars(String source) {
    if (source.length() > LONGEST) {
      throw new IllegalArgumentException(
          "a template of " + source.length() + " characters; expected at most " + LONGEST);
    }
    String plain = choices(COMMENT.matcher(source).replaceAll(""));
    Matcher tag = TAG.matcher(plain);
    int depth = 0;
    while (tag.find()) {
      String sign = tag.group(2);
      refuseForeign(tag, sign);
      depth += sign.equals("#") ? 1 : sign.equals("/") ? -1 : 0;
      if (depth > DEEPEST) {
        throw new IllegalArgumentException("blocks stand in each other deeper than " + DEEPEST);
      }
    }
    return plain;
  }

  private static void refuseForeign(Matcher tag, String sign) {
    String name = tag.group(4);
    if (!tag.group(1).isEmpty() || sign.equals("&")) {
      throw new IllegalArgumentException(
          "{{{" + name + "}}} would put a value in unescaped; write {{" + name + "}}");
    }
    if (sign.equals(">") || sign.equals("*") || !tag.group(3).isEmpty()) {
      throw new IllegalArgumentException("a template cannot include another one: {{> " + name);
    }
    if (sign.equals("=")) {
      throw new IllegalArgumentException("the {{ }} of a template cannot be changed");
    }
    if (sign.equals("#") && !BLOCKS.contains(name)) {
      throw new IllegalArgumentException(
          "there is no {{#" + name + "}}; expected {{#if}}, {{#each}} or {{#unless}}");
    }
    if (sign.equals("^") && !name.isEmpty()) {
      throw new IllegalArgumentException(
          "{{^" + name + "}} is not supported; write {{#unless " + name + "}}");
    }
  }

  private static String choices(String source) {
    return CHOICE
        .matcher(source)
        .replaceAll(
            found -> {
              String yes = found.group(2) == null ? found.group(3) : found.group(2);
              String no = found.group(4) == null ? found.group(5) : found.group(4);
              return Matcher.quoteReplacement(
                  "{{#if " + found.group(1) + "}}" + yes + "{{else}}" + no + "{{/if}}");
            });
  }
}
