package io.tailrace.sink.jira;

/** What there is one issue for. */
enum Per {
  RUN,
  OBJECTIVE,
  EPISODE
}
