package io.tailrace.objective;

import io.tailrace.histogram.HistogramFrame;
import io.tailrace.objective.Measurements.Times;
import io.tailrace.record.Distribution;
import java.nio.ByteBuffer;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Times as they stand in a record; other percentiles come from the histogram beside them. */
final class StoredTimes implements Times {
  private final @Nullable Distribution distribution;
  private final @Nullable ByteBuffer framed;
  private @Nullable Histogram histogram;

  StoredTimes(@Nullable Distribution distribution, @Nullable ByteBuffer framed) {
    this.distribution = distribution;
    this.framed = framed;
  }

  @Override
  public double minMicros() {
    return distribution == null ? Double.NaN : distribution.getMinMicros();
  }

  @Override
  public double meanMicros() {
    return distribution == null ? Double.NaN : distribution.getMeanMicros();
  }

  @Override
  public double maxMicros() {
    return distribution == null ? Double.NaN : distribution.getMaxMicros();
  }

  @Override
  public double percentileMicros(double percent) {
    if (distribution == null) {
      return Double.NaN;
    }
    if (percent == 50) {
      return distribution.getP50Micros();
    } else if (percent == 75) {
      return distribution.getP75Micros();
    } else if (percent == 90) {
      return distribution.getP90Micros();
    } else if (percent == 95) {
      return distribution.getP95Micros();
    } else if (percent == 99) {
      return distribution.getP99Micros();
    } else if (percent == 99.9) {
      return distribution.getP999Micros();
    } else if (percent == 100) {
      return distribution.getMaxMicros();
    }
    return fromHistogram(percent);
  }

  private double fromHistogram(double percent) {
    if (histogram == null && framed != null) {
      byte[] frame = new byte[framed.remaining()];
      framed.duplicate().get(frame);
      histogram = HistogramFrame.decode(frame);
    }
    return histogram == null ? Double.NaN : histogram.getValueAtPercentile(percent);
  }
}
