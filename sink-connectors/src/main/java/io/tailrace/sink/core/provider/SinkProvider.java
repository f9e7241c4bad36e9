package io.tailrace.sink.core.provider;

import io.tailrace.config.Settings;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.option.Options;
import java.util.Set;

/**
 * One kind of sink, found by its {@code @AutoService(SinkProvider.class)}: what it is called, what
 * can be set, and how it is made from a block of the configuration.
 */
public interface SinkProvider {

  /** The block's key below {@code outputs:}, which is also the package's name. */
  String name();

  /** One sentence for lists: what it does, and where to. */
  String summary();

  /** Every key of its own; those of the core are added to them. */
  Options options();

  /** What it consumes, as far as no configuration is needed to say so. */
  Set<Feed> feeds();

  /** What it consumes as configured; a part of {@link #feeds}. */
  default Set<Feed> feeds(Settings block) {
    return feeds();
  }

  /** What suits its target when the configuration does not say. */
  default Tuning tuning() {
    return Tuning.DEFAULT;
  }

  /** Makes the sink; it does not connect yet. Faults are collected by the settings. */
  Sink create(Settings block, SinkContext context);
}
