package io.tailrace.aggregator.topology;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.aggregator.run.Counters;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.apache.kafka.streams.processor.api.RecordMetadata;
import org.apache.kafka.streams.state.KeyValueStore;
import org.apache.kafka.streams.state.Stores;
import org.junit.jupiter.api.Test;

class InputFenceTest {
  private final Counters counters = Counters.create();
  private final List<String> looked = new ArrayList<>();
  private final KeyValueStore<Bytes, byte[]> content = Stores.inMemoryKeyValueStore("fence").get();

  private record At(long offset) implements RecordMetadata {
    @Override
    public String topic() {
      return "samples";
    }

    @Override
    public int partition() {
      return 3;
    }
  }

  private InputFence fence(boolean somethingWasSkipped, boolean enabled) {
    InputFence fence =
        new InputFence(
            (topic, partition, from, to) -> {
              looked.add("%s-%d [%d, %d)".formatted(topic, partition, from, to));
              return somethingWasSkipped;
            },
            counters,
            enabled);
    fence.load(content);
    return fence;
  }

  private static void pass(InputFence fence, long... offsets) {
    for (long offset : offsets) {
      fence.pass(new At(offset), offset * 1_000);
    }
  }

  @Test
  void stopsAtARecordThatOthersShouldHaveComeBefore() {
    InputFence fence = fence(true, true);
    pass(fence, 0, 1, 2);
    assertThat(looked).isEmpty();

    assertThatThrownBy(() -> pass(fence, 7)).isInstanceOf(InputSkipped.class);

    assertThat(looked).containsExactly("samples-3 [3, 7)");
    assertThat(counters.fenceTrips().sum()).isEqualTo(1);
    assertThat(fence.next()).as("what was to come is still to come").isEqualTo(3);
  }

  @Test
  void passesAHoleInWhichThereIsNothing() {
    InputFence fence = fence(false, true);
    pass(fence, 0, 7, 8);

    assertThat(looked).containsExactly("samples-3 [1, 7)");
    assertThat(counters.fenceTrips().sum()).isZero();
    assertThat(fence.next()).isEqualTo(9);
  }

  @Test
  void remembersAcrossRestartsWhatComesNextAndHowLateItWas() {
    InputFence first = fence(true, true);
    pass(first, 0, 1, 2);
    first.save(content);

    InputFence second = fence(true, true);
    assertThat(second.next()).isEqualTo(3);
    assertThat(second.logMicros()).isEqualTo(2_000);
    assertThatThrownBy(() -> pass(second, 4)).isInstanceOf(InputSkipped.class);
    pass(second, 3);
  }

  /** A topic that was made anew begins at 0 again: the runs in it must not be refused. */
  @Test
  void passesWhatComesAgainAndCountsIt() {
    InputFence fence = fence(true, true);
    pass(fence, 0, 1, 2, 0, 1);

    assertThat(counters.rereadRecords().sum()).isEqualTo(1);
    assertThat(fence.next()).isEqualTo(2);
    assertThat(fence.logMicros()).as("the log's time never goes back").isEqualTo(2_000);
  }

  @Test
  void isLeftOutForProofsOnly() {
    pass(fence(true, false), 0, 9);

    assertThat(counters.fenceTrips().sum()).isZero();
  }
}
