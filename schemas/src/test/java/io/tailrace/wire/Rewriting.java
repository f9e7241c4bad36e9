package io.tailrace.wire;

import io.tailrace.record.Outcome;
import io.tailrace.record.SampleBatch;
import io.tailrace.record.Series;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Samples with absolute values, computed from generated records the slow and obvious way. */
final class Rewriting {
  private static final long UNKNOWN = -1;

  private Rewriting() {}

  record Sample(
      Series series,
      int status,
      @Nullable String error,
      long end,
      long latency,
      long delay,
      long firstByte,
      long connect,
      long sent,
      long received) {}

  static List<Sample> samples(SampleBatch batch) {
    List<Sample> samples = new ArrayList<>();
    long end = batch.getBaseMicros();
    for (int i = 0; i < batch.getOutcome().size(); i++) {
      Outcome outcome = batch.getOutcomes().get(batch.getOutcome().get(i));
      end += batch.getEndMicros().get(i);
      long latency = batch.getLatencyMicros().get(i);
      long body = at(batch.getBodyMicros(), i, UNKNOWN);
      samples.add(
          new Sample(
              batch.getSeries().get(outcome.getSeries()),
              outcome.getStatus(),
              outcome.getError(),
              end,
              latency,
              at(batch.getDelayMicros(), i, 0),
              body < 0 || body > latency ? UNKNOWN : latency - body,
              at(batch.getConnectMicros(), i, UNKNOWN),
              plus(batch.getBytesSent(), i, outcome.getBytesSent()),
              plus(batch.getBytesReceived(), i, outcome.getBytesReceived())));
    }
    return samples;
  }

  private static long at(List<Long> column, int i, long absent) {
    return column.isEmpty() ? absent : column.get(i);
  }

  private static long plus(List<Long> column, int i, long base) {
    return column.isEmpty() ? UNKNOWN : column.get(i) + base;
  }

  static List<Sample> samples(SampleBatchReader reader) {
    List<Sample> samples = new ArrayList<>();
    for (int i = 0; i < reader.sampleCount(); i++) {
      int outcome = reader.outcomes()[i];
      samples.add(
          new Sample(
              reader.series(reader.outcomeSeries(outcome)),
              reader.outcomeStatus(outcome),
              reader.error(outcome),
              reader.endMicros()[i],
              reader.latencyMicros()[i],
              reader.delayMicros()[i],
              reader.firstByteMicros()[i],
              reader.connectMicros()[i],
              reader.bytesSent()[i],
              reader.bytesReceived()[i]));
    }
    return samples;
  }

  /** The same samples through the writer. */
  static byte[] columns(SampleBatchWriter writer, SampleBatch batch) {
    writer.begin(batch.getRun(), batch.getNode(), batch.getEpochMicros());
    for (Sample s : samples(batch)) {
      Series series = s.series();
      int index =
          writer.series(series.getName(), series.getMethod(), series.getGroup(), series.getTags());
      writer.sample(
          writer.outcome(index, s.status(), s.error()),
          s.end(),
          s.latency(),
          s.delay(),
          s.firstByte(),
          s.connect(),
          s.sent(),
          s.received());
    }
    if (batch.getJoined() != null) {
      writer.joined(batch.getJoined());
    }
    return writer.finish(
        batch.getSequence(),
        batch.getPublishedBefore(),
        batch.getDroppedSamples(),
        batch.getSentMicros(),
        batch.getWatermarkMicros());
  }
}
