package io.tailrace.sink.prometheus;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.tailrace.sink.prometheus.Contents.Share;
import io.tailrace.sink.prometheus.Contents.StatusPart;
import io.tailrace.sink.prometheus.Contents.Times;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class RememberedWindowsTest {
  private final ContentsBytes bytes = new ContentsBytes();

  @Test
  void knowsWhatAMapWouldKnow() {
    for (int round = 0; round < 20; round++) {
      Random random = new Random(round);
      RememberedWindows windows = new RememberedWindows();
      TreeMap<Long, Contents> expected = new TreeMap<>();
      long newest = 0;
      for (int i = 0; i < 300; i++) {
        long start = random.nextInt(4) > 0 ? ++newest : newest - random.nextInt(80);
        Contents contents = contents(random);
        windows.put(start, bytes.write(contents));
        expected.put(start, contents);
        if (random.nextInt(3) == 0) {
          long before = newest - random.nextInt(60);
          windows.forget(before, Integer.MAX_VALUE);
          expected.headMap(before, false).clear();
        }
        for (long asked = newest - 90; asked <= newest + 1; asked += 1 + random.nextInt(9)) {
          assertSame(windows.get(asked), expected.get(asked));
        }
      }
      expected.forEach((start, contents) -> assertSame(windows.get(start), contents));
    }
  }

  /** Arrays that live for a second or two are what collecting garbage costs most for. */
  @Test
  void makesNoNewArrayForEveryWindow() {
    ThreadMXBean threads = (ThreadMXBean) ManagementFactory.getThreadMXBean();
    RememberedWindows windows = new RememberedWindows();
    ByteBuffer contents = ByteBuffer.allocate(1_000);
    int remembered = 65;
    long before = 0;
    for (int start = 0; start < 5_000; start++) {
      if (start == 1_000) {
        before = threads.getCurrentThreadAllocatedBytes();
      }
      windows.put(start, contents.duplicate());
      windows.forget(start - remembered, Integer.MAX_VALUE);
    }
    long allocated = threads.getCurrentThreadAllocatedBytes() - before;
    assertThat(allocated / 4_000).as("bytes allocated for a window of 1,000").isLessThan(500);
  }

  @Test
  void forgetsTheOldestOfWhatIsTooLarge() {
    RememberedWindows windows = new RememberedWindows();
    Contents contents = contents(new Random(1));
    int each = bytes.write(contents).remaining();
    for (int start = 0; start < 40; start++) {
      windows.put(start, bytes.write(contents));
      windows.put(start, bytes.write(contents));
      windows.forget(Long.MIN_VALUE, 10 * each);
    }
    assertThat(windows.get(29)).isNull();
    for (int start = 30; start < 40; start++) {
      assertThat(windows.get(start)).isNotNull();
    }
  }

  private static void assertSame(@Nullable Contents actual, @Nullable Contents expected) {
    assertThat(told(actual)).isEqualTo(told(expected));
  }

  /** What there is in contents, for comparing. */
  private static List<Object> told(@Nullable Contents contents) {
    List<Object> all = new ArrayList<>();
    if (contents != null) {
      all.addAll(told(contents.all()));
      all.add(contents.sent());
      all.add(contents.received());
      all.add(contents.errorKinds());
      for (StatusPart part : contents.byStatus()) {
        all.add(part.status());
        all.addAll(told(part.share()));
      }
    }
    return all;
  }

  private static List<Object> told(Share share) {
    return List.of(share.requests(), share.errors(), told(share.response()), told(share.service()));
  }

  private static List<Object> told(Times times) {
    ByteBuffer frame = times.frame();
    return frame == null ? List.of() : List.of(frame, times.sumMicros());
  }

  private static Contents contents(Random random) {
    Share all = new Share(random.nextLong(), random.nextLong(), times(random), times(random));
    List<StatusPart> parts = new ArrayList<>();
    for (int i = random.nextInt(4); i > 0; i--) {
      Times response = random.nextBoolean() ? all.response() : times(random);
      parts.add(
          new StatusPart(
              random.nextInt(600), new Share(random.nextLong(), 3, response, all.service())));
    }
    Map<String, Long> kinds = new HashMap<>();
    for (int i = random.nextInt(3); i > 0; i--) {
      kinds.put("k\u00e4se " + i, random.nextLong());
    }
    return new Contents(all, parts, kinds, random.nextLong(), random.nextLong());
  }

  private static Times times(Random random) {
    if (random.nextInt(4) == 0) {
      return Times.NONE;
    }
    byte[] frame = new byte[random.nextInt(3_000)];
    random.nextBytes(frame);
    return new Times(
        ByteBuffer.wrap(frame), random.nextBoolean() ? Double.NaN : random.nextDouble());
  }
}
