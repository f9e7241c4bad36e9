package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.record.LeaveReason;
import io.tailrace.record.NodeHealth;
import io.tailrace.record.NodeLedger;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** One life of a node: its ledger, its clock, its promise and its health. */
final class NodeLife {
  /** No promise yet. */
  static final long NOTHING = Long.MIN_VALUE;

  /** Health older than this says nothing of a node any more. */
  private static final long HEALTH_LASTS_MICROS = 10_000_000;

  final int number;
  final String node;
  final long epochMicros;
  final MissingBatches batches = new MissingBatches();

  long skewMicros;
  boolean joined;
  boolean silent;
  boolean superseded;
  @Nullable LeaveReason left;
  long leftMicros = NOTHING;
  String leftMessage = "";
  long lastAppendMicros;
  long watermarkMicros = NOTHING;
  // The least that any of its batches was appended after it was sent, by the node's clock.
  long leastBehindMicros = Long.MAX_VALUE;

  long published;
  long counted;
  long late;
  long rejected;
  long quarantined;
  long quarantinedBatches;
  long dropped;
  long duplicates;

  // The last of each span of a base window, by its start; what no open window needs is dropped.
  private final TreeMap<Long, NodeHealth> health = new TreeMap<>();

  NodeLife(int number, String node, long epochMicros) {
    this.number = number;
    this.node = node;
    this.epochMicros = epochMicros;
  }

  /** Whether windows wait for it. */
  boolean isLive() {
    return left == null && !silent && !superseded;
  }

  /** Whether it will publish nothing that ended before this moment. */
  boolean isPast(long micros) {
    return left != null || watermarkMicros >= micros;
  }

  /** Whether a late window waits for it. */
  boolean holdsUp(long endMicros) {
    return isLive() && watermarkMicros < endMicros;
  }

  /** Samples that neither came nor are known to be in the dead letters. */
  long missing() {
    return Math.max(0, published - counted - rejected - quarantined);
  }

  /** Batches that neither came nor are known to be in the dead letters. */
  long gaps() {
    return Math.max(0, batches.missing() - quarantinedBatches);
  }

  boolean isBalanced() {
    return joined
        && left != null
        && gaps() == 0
        && dropped == 0
        && counted + rejected + quarantined == published;
  }

  /** Takes in how long a batch was on its way. */
  void noteSent(long sentMicros, long appendMicros) {
    leastBehindMicros = Math.min(leastBehindMicros, appendMicros - sentMicros);
  }

  void noteHealth(long atMicros, long baseMicros, NodeHealth now) {
    health.put(Math.floorDiv(atMicros, baseMicros) * baseMicros, now);
  }

  boolean hasLeftBefore(long micros) {
    return left != null && leftMicros < micros;
  }

  /** How the node last was before a window ended, or null when it does not say. */
  @Nullable NodeHealth healthBefore(long endMicros) {
    Map.Entry<Long, NodeHealth> entry = health.lowerEntry(endMicros);
    return entry == null || entry.getKey() < endMicros - HEALTH_LASTS_MICROS
        ? null
        : entry.getValue();
  }

  /** Forgets health that no window ending after this moment needs. */
  void forgetHealthBefore(long micros) {
    Long last = health.lowerKey(micros);
    if (last != null && !health.firstKey().equals(last)) {
      health.headMap(last).clear();
    }
  }

  NodeLedger ledger() {
    return NodeLedger.newBuilder()
        .setNode(node)
        .setEpochMicros(epochMicros)
        .setPublished(published)
        .setCounted(counted)
        .setLate(late)
        .setRejected(rejected)
        .setQuarantined(quarantined)
        .setDropped(dropped)
        .setGaps(gaps())
        .setDuplicates(duplicates)
        .setSkewMicros(skewMicros)
        .setJoined(joined)
        .setLeft(left)
        .setBalanced(isBalanced())
        .build();
  }

  void writeTo(ByteWriter state) {
    state.writeString(node);
    state.writeLong(epochMicros);
    batches.writeTo(state);
    state.writeLong(skewMicros);
    state.writeBoolean(joined);
    state.writeBoolean(silent);
    state.writeBoolean(superseded);
    state.writeString(left == null ? "" : left.name());
    state.writeLong(leftMicros);
    state.writeString(leftMessage);
    state.writeLong(lastAppendMicros);
    state.writeLong(watermarkMicros);
    state.writeLong(leastBehindMicros);
    state.writeUnsigned(published);
    state.writeUnsigned(counted);
    state.writeUnsigned(late);
    state.writeUnsigned(rejected);
    state.writeUnsigned(quarantined);
    state.writeUnsigned(quarantinedBatches);
    state.writeUnsigned(dropped);
    state.writeUnsigned(duplicates);
    state.writeUnsigned(health.size());
    health.forEach(
        (at, then) -> {
          state.writeLong(at);
          state.writeLong(then.getActiveUsers());
          state.writeDouble(then.getCpuPercent());
          state.writeDouble(then.getMemoryMb());
        });
  }

  static NodeLife readFrom(int number, ByteReader state) {
    NodeLife life = new NodeLife(number, state.readString(), state.readLong());
    life.batches.readFrom(state);
    life.skewMicros = state.readLong();
    life.joined = state.readBoolean();
    life.silent = state.readBoolean();
    life.superseded = state.readBoolean();
    String reason = state.readString();
    life.left = reason.isEmpty() ? null : LeaveReason.valueOf(reason);
    life.leftMicros = state.readLong();
    life.leftMessage = state.readString();
    life.lastAppendMicros = state.readLong();
    life.watermarkMicros = state.readLong();
    life.leastBehindMicros = state.readLong();
    life.published = state.readUnsigned();
    life.counted = state.readUnsigned();
    life.late = state.readUnsigned();
    life.rejected = state.readUnsigned();
    life.quarantined = state.readUnsigned();
    life.quarantinedBatches = state.readUnsigned();
    life.dropped = state.readUnsigned();
    life.duplicates = state.readUnsigned();
    for (long rest = state.readUnsigned(); rest > 0; rest--) {
      long at = state.readLong();
      life.health.put(at, new NodeHealth(state.readInt(), state.readDouble(), state.readDouble()));
    }
    return life;
  }
}
