package io.tailrace.aggregator.run;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.aggregator.window.ByteWriter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StagedStateTest {
  private static final int CHUNK = StagedState.CHUNK_BYTES;
  private static final byte[] KEY = {'K', 1};

  private final Stored stored = new Stored();
  private final StagedState state = new StagedState(stored);

  @ParameterizedTest
  @ValueSource(ints = {1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 3 * CHUNK + 5})
  void aValueOfAnyLengthComesBackBeforeAndAfterItIsSaved(int length) {
    byte[] value = bytes(length);
    state.put(KEY, value);

    assertThat(state.get(KEY)).isEqualTo(value);
    assertThat(state.stagedBytes()).isEqualTo(length);
    state.save();

    assertThat(state.stagedBytes()).isZero();
    assertThat(state.get(KEY)).isEqualTo(value);
    assertThat(scanned()).containsExactly(value);
    assertThat(stored.content.values()).allMatch(chunk -> chunk.length <= CHUNK);
  }

  @Test
  void whatIsWrittenPieceByPieceIsTheSameAsAtOnce() {
    byte[] value = bytes(5 * CHUNK + 77);
    ByteWriter writer = new ByteWriter();
    ChunkedValue chunks = new ChunkedValue();
    Random random = new Random(1);
    for (int at = 0; at < value.length; ) {
      int piece = Math.min(value.length - at, random.nextInt(2 * CHUNK));
      writer.writeRaw(value, at, piece);
      chunks.takeFrom(writer);
      assertThat(writer.size()).isLessThanOrEqualTo(CHUNK);
      at += piece;
    }
    state.put(KEY, chunks, writer);

    assertThat(state.get(KEY)).isEqualTo(value);
    state.save();
    assertThat(state.get(KEY)).isEqualTo(value);
  }

  @Test
  void aShorterValueLeavesNothingOfALongerOne() {
    state.put(KEY, bytes(4 * CHUNK));
    state.save();
    state.put(KEY, bytes(10));
    state.save();

    assertThat(stored.content).hasSize(1);
    assertThat(scanned()).containsExactly(bytes(10));
    state.delete(KEY);
    assertThat(state.get(KEY)).isNull();
    state.save();
    assertThat(stored.content).isEmpty();
  }

  private List<byte[]> scanned() {
    List<byte[]> values = new ArrayList<>();
    state.scanStored(new byte[] {'K'}, (key, value) -> values.add(value));
    return values;
  }

  private static byte[] bytes(int length) {
    byte[] bytes = new byte[length];
    new Random(length).nextBytes(bytes);
    return bytes;
  }

  private static final class Stored implements StateStorage {
    private final Map<byte[], byte[]> content =
        new TreeMap<>(Comparator.comparing(bytes -> bytes, Arrays::compareUnsigned));

    @Override
    public byte @Nullable [] get(byte[] key) {
      return content.get(key);
    }

    @Override
    public void put(byte[] key, byte[] value) {
      content.put(key, value);
    }

    @Override
    public void delete(byte[] key) {
      content.remove(key);
    }

    @Override
    public void scan(byte[] prefix, BiConsumer<byte[], byte[]> entry) {
      content.forEach(
          (key, value) -> {
            if (Arrays.equals(key, 0, prefix.length, prefix, 0, prefix.length)) {
              entry.accept(key, value);
            }
          });
    }
  }
}
