package io.tailrace.cli;

import org.apache.kafka.common.utils.AppInfoParser;
import picocli.CommandLine.Command;

/** Says which versions are running. */
@Command(
    name = "version",
    description = "Show the versions of Tailrace, Kafka's clients and Java.",
    footerHeading = "%nExample:%n",
    footer = "  tailrace version")
final class VersionCommand implements Runnable {
  private final Session session;

  VersionCommand(Session session) {
    this.session = session;
  }

  @Override
  public void run() {
    String own = VersionCommand.class.getPackage().getImplementationVersion();
    session.out().printf("tailrace %s%n", own == null ? "unpackaged" : own);
    session.out().printf("kafka clients %s%n", AppInfoParser.getVersion());
    session.out().printf("java %s%n", Runtime.version());
  }
}
