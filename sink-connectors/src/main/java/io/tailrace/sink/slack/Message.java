package io.tailrace.sink.slack;

import java.util.List;
import java.util.Optional;

/**
 * What is said in a channel.
 *
 * @param key names it for good, and goes with it unseen
 * @param footer a line beside the coloured bar
 * @param linksNames whether Slack links the names of groups in its text
 * @param thread the message it answers to
 * @param broadcast whether an answer is shown in the channel as well
 * @param folds marks of the violations that it tells of together
 */
record Message(
    String key,
    String text,
    Colour colour,
    String footer,
    boolean linksNames,
    Optional<String> thread,
    boolean broadcast,
    List<String> folds) {

  Message(String key, String text, Colour colour, String footer) {
    this(key, text, colour, footer, false, Optional.empty(), false, List.of());
  }

  Message withMentions(List<String> mentions) {
    if (mentions.isEmpty()) {
      return this;
    }
    String people = String.join(" ", mentions.stream().map(SlackText::mention).toList());
    return new Message(key, text + "\n" + people, colour, footer, true, thread, broadcast, folds);
  }

  Message inThread(Optional<String> root, boolean shownInChannel) {
    boolean shown = shownInChannel && root.isPresent();
    return new Message(key, text, colour, footer, linksNames, root, shown, folds);
  }

  Message folding(List<String> marks) {
    return new Message(key, text, colour, footer, linksNames, thread, broadcast, marks);
  }
}
