package io.tailrace.sink.jira;

import io.tailrace.sink.core.Item;
import java.io.IOException;

/** What becomes of a record; taking the same one again changes nothing. */
interface Filing {
  void take(Item item) throws IOException, InterruptedException;
}
