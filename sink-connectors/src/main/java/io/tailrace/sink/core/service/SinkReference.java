package io.tailrace.sink.core.service;

import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.provider.SinkProvider;

/** What can be set for a sink, for people. */
public final class SinkReference {
  private SinkReference() {}

  /** The keys of its own, and those that every sink has. */
  public static Options own(SinkProvider provider) {
    return provider.options();
  }

  /** The keys that every sink has, with the defaults that suit this one. */
  public static Options core(SinkProvider provider) {
    return new CoreOptions(provider.tuning(), Integrations.NONE).options();
  }
}
