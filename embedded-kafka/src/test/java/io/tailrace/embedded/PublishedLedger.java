package io.tailrace.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import org.apache.avro.generic.GenericRecord;
import org.jspecify.annotations.Nullable;

/**
 * What one life of a node says of itself in its batches, checked to be without gap or repetition.
 */
public record PublishedLedger(long samples, long dropped, boolean left) {

  public static PublishedLedger of(List<GenericRecord> batches) {
    long samples = 0;
    long dropped = 0;
    long promised = Long.MIN_VALUE;
    @Nullable Object left = null;
    for (int i = 0; i < batches.size(); i++) {
      GenericRecord batch = batches.get(i);
      assertThat(left).as("nothing follows a farewell").isNull();
      assertThat(batch.get("sequence")).isEqualTo((long) i);
      assertThat(batch.get("publishedBefore")).isEqualTo(samples);
      assertThat(batch.get("joined") != null).as("joined in batch %s", i).isEqualTo(i == 0);
      assertThat((long) batch.get("droppedSamples")).isGreaterThanOrEqualTo(dropped);
      assertThat((long) batch.get("watermarkMicros")).isGreaterThanOrEqualTo(promised);
      promised = (long) batch.get("watermarkMicros");
      dropped = (long) batch.get("droppedSamples");
      samples += ((List<?>) batch.get("outcome")).size();
      left = batch.get("left");
    }
    return new PublishedLedger(samples, dropped, left != null);
  }
}
