package io.tailrace.sink.slack;

import io.tailrace.sink.core.provider.Once;
import java.io.IOException;

/** A way into a channel. */
interface Outlet {
  /** Posts a message; returns its timestamp, or "posted" where it has none to be known. */
  String post(Message message) throws IOException, InterruptedException;

  /** Looks whether a message was posted whose answer never came. */
  Once.Found find(Message message) throws IOException, InterruptedException;

  /** Whether messages can be changed and answered to. */
  boolean isLasting();

  /** Changes a message; one that cannot be changed any more stays as it is. */
  void update(String ts, Message message) throws IOException, InterruptedException;

  /** Connects without saying anything. */
  void check() throws IOException, InterruptedException;
}
