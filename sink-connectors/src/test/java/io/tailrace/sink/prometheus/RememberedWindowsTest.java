package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class RememberedWindowsTest {
  @Test
  void knowsWhatAMapWouldKnow() {
    Random random = new Random(3);
    for (int round = 0; round < 50; round++) {
      RememberedWindows windows = new RememberedWindows();
      TreeMap<Long, Contents> expected = new TreeMap<>();
      long newest = 0;
      for (int i = 0; i < 300; i++) {
        long start = random.nextInt(4) > 0 ? ++newest : newest - random.nextInt(80);
        Contents contents = contents(i);
        windows.put(start, contents);
        expected.put(start, contents);
        if (random.nextInt(3) == 0) {
          long before = newest - random.nextInt(60);
          windows.forget(before, Long.MAX_VALUE);
          expected.headMap(before, false).clear();
        }
        for (long asked = newest - 90; asked <= newest + 1; asked++) {
          assertThat(windows.get(asked)).isSameAs(expected.get(asked));
        }
      }
    }
  }

  @Test
  void forgetsTheOldestOfWhatIsTooLarge() {
    RememberedWindows windows = new RememberedWindows();
    long each = contents(0).retainedBytes();
    for (int start = 0; start < 40; start++) {
      windows.put(start, contents(start));
      windows.put(start, contents(start));
      windows.forget(Long.MIN_VALUE, 10 * each);
    }
    assertThat(windows.get(29)).isNull();
    for (int start = 30; start < 40; start++) {
      assertThat(windows.get(start)).isNotNull();
    }
  }

  private static Contents contents(int requests) {
    return new Contents(
        new Contents.Share(requests, 0, Contents.Times.NONE, Contents.Times.NONE),
        List.of(),
        Map.of(),
        0,
        0);
  }
}
