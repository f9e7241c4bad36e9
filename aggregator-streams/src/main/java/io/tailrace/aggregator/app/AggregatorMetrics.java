package io.tailrace.aggregator.app;

import io.prometheus.client.Collector;
import io.prometheus.client.CounterMetricFamily;
import io.prometheus.client.GaugeMetricFamily;
import io.tailrace.aggregator.run.Counters;
import io.tailrace.aggregator.topology.PartitionStatus;
import io.tailrace.aggregator.topology.StatusBoard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.ToDoubleFunction;
import org.apache.kafka.common.TopicPartition;

/** What the aggregator counts, as Prometheus reads it. */
final class AggregatorMetrics extends Collector {
  private static final String PREFIX = "tailrace_aggregator_";
  private static final double MICROS_PER_SECOND = 1e6;

  private final Counters counters;
  private final StatusBoard board;
  private final StableOffsets offsets;
  private final ThreadReplacements replacements;
  private final RuleBook rules;
  private final String samplesTopic;

  AggregatorMetrics(
      Counters counters,
      StatusBoard board,
      StableOffsets offsets,
      ThreadReplacements replacements,
      RuleBook rules,
      String samplesTopic) {
    this.counters = counters;
    this.board = board;
    this.offsets = offsets;
    this.replacements = replacements;
    this.rules = rules;
    this.samplesTopic = samplesTopic;
  }

  @Override
  public List<MetricFamilySamples> collect() {
    List<MetricFamilySamples> families = new ArrayList<>();
    families.add(counter("batches", "Batches taken.", counters.batches()));
    families.add(counter("samples", "Samples counted.", counters.samples()));
    families.add(
        counter("late_samples", "Samples whose window had closed.", counters.lateSamples()));
    families.add(
        counter("rejected_samples", "Samples with impossible times.", counters.rejectedSamples()));
    families.add(counter("duplicate_batches", "Batches seen before.", counters.duplicateBatches()));
    families.add(
        counter("dead_letters", "Records that could not be used.", counters.deadLetters()));
    families.add(counter("ticks", "Records that only say the time.", counters.ticks()));
    families.add(counter("windows", "Aggregates published.", counters.windows()));
    families.add(
        counter("reopened_runs", "Runs that went on after their end.", counters.reopenedRuns()));
    families.add(
        counter("overflowing_runs", "Runs with too many series.", counters.overflowingRuns()));
    families.add(
        counter("fence_trips", "Times that input had been skipped.", counters.fenceTrips()));
    families.add(counter("reread_records", "Records that came again.", counters.rereadRecords()));
    families.add(counter("commits", "Commits with changes.", counters.saves()));
    families.add(
        new CounterMetricFamily(
            PREFIX + "thread_replacements",
            "Stream threads that died and were replaced.",
            replacements.count()));
    families.add(
        new GaugeMetricFamily(
            PREFIX + "rule_sets", "Rule sets that apply to new runs.", rules.get().size()));
    families.add(
        new GaugeMetricFamily(
            PREFIX + "unreadable_rule_sets",
            "Rule sets whose latest version cannot be read.",
            rules.unreadable()));
    addPartitions(families);
    addOffsets(families);
    return families;
  }

  private void addPartitions(List<MetricFamilySamples> families) {
    families.add(gauge("open_runs", "Runs that go on.", PartitionStatus::openRuns));
    families.add(gauge("open_windows", "Base windows not closed.", PartitionStatus::openWindows));
    families.add(gauge("live_bytes", "Heap of windows, roughly.", PartitionStatus::liveBytes));
    families.add(
        gauge("pending_bytes", "Bytes sent with the last commit.", PartitionStatus::pendingBytes));
    families.add(
        gauge(
            "close_delay_seconds",
            "From the end of the last window to its being sent.",
            status -> status.closeDelayMicros() / MICROS_PER_SECOND));
  }

  private void addOffsets(List<MetricFamilySamples> families) {
    GaugeMetricFamily lag =
        new GaugeMetricFamily(
            PREFIX + "lag_records", "Records not yet read.", List.of("partition"));
    for (PartitionStatus status : board.statuses()) {
      StableOffsets.Reading reading =
          offsets.readings().get(new TopicPartition(samplesTopic, status.partition()));
      if (reading != null) {
        lag.addMetric(
            List.of(String.valueOf(status.partition())),
            (double) Math.max(0, reading.end() - status.nextOffset()));
      }
    }
    families.add(lag);
    GaugeMetricFamily unstable =
        new GaugeMetricFamily(
            PREFIX + "unstable_records",
            "Records that committed readers cannot read yet.",
            List.of("topic", "partition"));
    offsets
        .readings()
        .forEach(
            (partition, reading) ->
                unstable.addMetric(
                    List.of(partition.topic(), String.valueOf(partition.partition())),
                    (double) (reading.end() - reading.stable())));
    families.add(unstable);
  }

  private static CounterMetricFamily counter(String name, String help, LongAdder value) {
    return new CounterMetricFamily(PREFIX + name, help, value.doubleValue());
  }

  private GaugeMetricFamily gauge(
      String name, String help, ToDoubleFunction<PartitionStatus> value) {
    GaugeMetricFamily family = new GaugeMetricFamily(PREFIX + name, help, List.of("partition"));
    for (PartitionStatus status : board.statuses()) {
      family.addMetric(List.of(String.valueOf(status.partition())), value.applyAsDouble(status));
    }
    return family;
  }
}
