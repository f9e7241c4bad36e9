package io.tailrace.aggregator.window;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Times that are added up in order are those of all requests recorded together. */
class CellTimesTest {
  private final PagePool pool = new PagePool(64);

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 9, 20})
  void areThoseOfAllRequestsTogether(int statuses) {
    for (int requests : new int[] {1, 30, 900, 40_000}) {
      assertAddedUp(new Random(requests), statuses, requests, 0);
      assertAddedUp(new Random(requests), statuses, requests, 8);
      assertAddedUp(new Random(requests), statuses, requests, 1);
    }
  }

  /**
   * @param lateOneIn one of so many requests is late; none if 0
   */
  private void assertAddedUp(Random random, int statuses, int requests, int lateOneIn) {
    SeriesCell cell = new SeriesCell(pool);
    ValueCounts responses = new ValueCounts(pool);
    ValueCounts services = new ValueCounts(pool);
    Map<Integer, ValueCounts> byStatus = new LinkedHashMap<>();
    for (int i = 0; i < requests; i++) {
      // Most have the first status, and times that meet in the same buckets.
      int status = 200 + (int) (statuses * Math.pow(random.nextDouble(), 4));
      long service = 1 + (long) Math.exp(5 * random.nextDouble() + random.nextInt(2) * 7);
      long delay = lateOneIn > 0 && random.nextInt(lateOneIn) == 0 ? random.nextInt(5_000) : -1;
      StatusCell into = cell.status(status);
      if (delay < 0) {
        into.prompt().record(service);
      } else {
        into.delayedResponses().record(service + delay);
        into.delayedServices().record(service);
      }
      long response = service + Math.max(0, delay);
      responses.record(response);
      services.record(service);
      byStatus.computeIfAbsent(status, any -> new ValueCounts(pool)).record(response);
    }

    try (CellTimes times = cell.times()) {
      assertSame(times.services(), services);
      assertSame(times.responses(), responses);
      OrderedCounts again =
          times.addUpResponses(
              (one, of) -> assertSame(of, Objects.requireNonNull(byStatus.get(one.status))));
      assertSame(again, responses);
      assertSame(times.services(), services);
    }
  }

  private static void assertSame(OrderedCounts actual, ValueCounts expected) {
    assertThat(actual.frame()).isEqualTo(expected.frame());
    assertThat(actual.distribution()).isEqualTo(expected.distribution());
    assertThat(actual.sum()).isEqualTo(expected.sum());
  }
}
