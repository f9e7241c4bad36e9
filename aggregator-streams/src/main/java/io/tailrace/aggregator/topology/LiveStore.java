package io.tailrace.aggregator.topology;

import java.util.Map;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.StateStore;
import org.apache.kafka.streams.processor.StateStoreContext;
import org.apache.kafka.streams.processor.api.ProcessorContext;
import org.apache.kafka.streams.processor.internals.InternalProcessorContext;
import org.apache.kafka.streams.processor.internals.ProcessorNode;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.internals.CacheFlushListener;
import org.apache.kafka.streams.state.internals.CachedStateStore;
import org.jspecify.annotations.Nullable;

/**
 * A logged in-memory key-value store with the one hook that Kafka Streams calls on every path to a
 * commit; belongs to one stream thread.
 *
 * <p>{@code flush()} and {@code commit()} do not run before the transaction that commits the input
 * offsets; {@code flushCache()} does. Why, and what else was tried, is in the decision record on
 * the commit hook.
 */
final class LiveStore implements StateStore, CachedStateStore<Object, Object> {
  /** What lives on the heap between two commits. */
  interface Live {
    /** Writes all of it and forwards what was decided, as part of the transaction. */
    void save();

    /** Lets go of all of it: the store's content is about to change without it. */
    void forget();
  }

  private final KeyValueStore<Bytes, byte[]> content;
  private final Faults faults;
  private @Nullable Binding binding;

  private record Binding(
      Live live, InternalProcessorContext<?, ?> context, ProcessorNode<?, ?, ?, ?> processor) {}

  LiveStore(KeyValueStore<Bytes, byte[]> content, Faults faults) {
    this.content = content;
    this.faults = faults;
  }

  /**
   * Ties the live objects to the store; only from {@code Processor.init()}, which runs after
   * restoration. The store's own {@code init()} is not called again when a standby becomes active,
   * and only here is the current node the one that may forward.
   */
  KeyValueStore<Bytes, byte[]> bind(Live live, ProcessorContext<?, ?> processorContext) {
    InternalProcessorContext<?, ?> context = (InternalProcessorContext<?, ?>) processorContext;
    binding = new Binding(live, context, context.currentNode());
    return content;
  }

  /** Runs on every path to a commit, and before dirty closes, whose transaction is aborted. */
  @Override
  public void flushCache() {
    if (!faults.isWithout(Faults.Safeguard.COMMIT_HOOK)) {
      save();
    }
  }

  private void save() {
    Binding bound = binding;
    if (bound == null) {
      return;
    }
    // No node is current during a commit, and without one nothing can be forwarded.
    ProcessorNode<?, ?, ?, ?> before = bound.context.currentNode();
    bound.context.setCurrentNode(bound.processor);
    try {
      bound.live.save();
    } finally {
      bound.context.setCurrentNode(before);
    }
  }

  private void forget() {
    Binding bound = binding;
    binding = null;
    if (bound != null) {
      bound.live.forget();
    }
  }

  /** The store itself is registered, so that the state manager sees the hook. */
  @Override
  public void init(StateStoreContext context, StateStore root) {
    forget();
    content.init(context, root);
  }

  /** A revived task goes on with this very object. */
  @Override
  public void close() {
    forget();
    content.close();
  }

  /** An active task is about to become a standby: restoration goes past the live objects. */
  @Override
  public void clearCache() {
    forget();
  }

  /** Comes after the transaction, and under exactly-once not even regularly. */
  @Override
  public void commit(Map<TopicPartition, Long> changelogOffsets) {
    if (faults.isWithout(Faults.Safeguard.COMMIT_HOOK)) {
      save();
    }
    content.commit(changelogOffsets);
  }

  @Override
  public boolean setFlushListener(
      CacheFlushListener<Object, Object> listener, boolean sendOldValues) {
    return false;
  }

  /** Also the name of the changelog, which is the inner store's. */
  @Override
  public String name() {
    return content.name();
  }

  @Override
  public boolean persistent() {
    return false;
  }

  @Override
  public boolean isOpen() {
    return content.isOpen();
  }
}
