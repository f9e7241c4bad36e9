package io.tailrace.sink.jira;

import java.net.URI;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Atlassian's own Jira, or one that is run at home: they differ in searching and in people. */
enum Deployment {
  CLOUD,
  DATA_CENTER;

  /** What an address suggests. */
  static Deployment at(URI url) {
    @Nullable String named = url.getHost();
    String host = named == null ? "" : named.toLowerCase(Locale.ROOT);
    boolean cloud =
        host.endsWith(".atlassian.net")
            || host.endsWith(".jira.com")
            || host.equals("api.atlassian.com");
    return cloud ? CLOUD : DATA_CENTER;
  }
}
