package io.tailrace.sink.core;

import java.util.List;

/**
 * A sink whose deliveries build on earlier ones, such as counters that grow for a whole run. It
 * keeps nothing on disk: what it needs stays uncommitted and is read again after a restart.
 */
public interface Recalling extends Sink {

  /**
   * Items that were settled in an earlier life: to be remembered, not delivered. They come in order
   * and before all others of their partition; one that cannot be used is passed over.
   */
  void recall(List<Item> batch);

  /**
   * The first offset that would have to be read again, were everything before the acknowledged one
   * forgotten now; anything beyond it when nothing is needed.
   */
  long neededFrom(String topic, int partition, long acknowledged);

  /** The partition is somebody else's now: nothing of it is to be remembered or shown. */
  void forget(String topic, int partition);
}
