package io.tailrace.aggregator.topology;

import java.util.Collection;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** How far the partitions of this process have come. */
public final class StatusBoard {
  private final List<PartitionStatus> statuses = new CopyOnWriteArrayList<>();

  PartitionStatus open(int partition) {
    PartitionStatus status = new PartitionStatus(partition);
    statuses.add(status);
    return status;
  }

  void close(PartitionStatus status) {
    statuses.remove(status);
  }

  /** The partitions that are aggregated here and now. */
  public Collection<PartitionStatus> statuses() {
    return List.copyOf(statuses);
  }
}
