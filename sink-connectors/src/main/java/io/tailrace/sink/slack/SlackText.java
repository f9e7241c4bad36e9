package io.tailrace.sink.slack;

import java.util.Locale;
import java.util.regex.Pattern;

/** Texts in Slack's mrkdwn, see https://docs.slack.dev/messaging/formatting-message-text. */
final class SlackText {
  static final int LONGEST = 4_000;
  private static final int LONGEST_VALUE = 1_000;
  private static final String MORE = "...";
  private static final Pattern LINE_BREAKS = Pattern.compile("[\\p{Cntrl}\u2028\u2029]+");
  private static final Pattern ADDRESS =
      Pattern.compile("https?://[A-Za-z0-9._~:/?#@$&,;=%+()!*'|-]+");
  private static final Pattern STRONG = Pattern.compile("\\*\\*([^*\n]+)\\*\\*");
  private static final Pattern LINK_TO_NOWHERE = Pattern.compile("<\\|([^<>|]*)>");
  private static final Pattern UNWRITABLE = Pattern.compile("[\\p{Cntrl}&&[^\n\t]]");
  private static final Pattern USER = Pattern.compile("[UW][A-Z0-9]{6,}");
  private static final Pattern GROUP = Pattern.compile("S[A-Z0-9]{6,}");

  private SlackText() {}

  /**
   * A value that pings nobody and links to nothing. The word joiner after an at sign keeps names
   * from being linked in messages that mention people by theirs.
   */
  static String escape(String value) {
    String line = LINE_BREAKS.matcher(cut(value, LONGEST_VALUE)).replaceAll(" ");
    if (ADDRESS.matcher(line).matches()) {
      return line.replace("&", "&amp;").replace("|", "%7C");
    }
    return line.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("@", "@\u2060");
  }

  /** What a template made, as Slack shows it: strong text has one star, a link leads somewhere. */
  static String message(String rendered) {
    String plain = UNWRITABLE.matcher(rendered.replace("\r\n", "\n")).replaceAll("").strip();
    String strong = STRONG.matcher(plain).replaceAll("*$1*");
    return cut(LINK_TO_NOWHERE.matcher(strong).replaceAll("$1"), LONGEST);
  }

  /** A configured person or group in the form that pings; names are left for Slack to link. */
  static String mention(String configured) {
    String name = configured.strip();
    String bare = name.startsWith("@") ? name.substring(1) : name;
    if (name.startsWith("<")) {
      return name;
    }
    if (USER.matcher(bare).matches()) {
      return "<@" + bare + ">";
    }
    if (GROUP.matcher(bare).matches()) {
      return "<!subteam^" + bare + ">";
    }
    return switch (bare.toLowerCase(Locale.ROOT)) {
      case "here", "channel", "everyone" -> "<!" + bare.toLowerCase(Locale.ROOT) + ">";
      default -> "@" + bare;
    };
  }

  static String cut(String text, int longest) {
    if (text.length() <= longest) {
      return text;
    }
    int end = longest - MORE.length();
    return text.substring(0, Character.isHighSurrogate(text.charAt(end - 1)) ? end - 1 : end)
        + MORE;
  }
}
