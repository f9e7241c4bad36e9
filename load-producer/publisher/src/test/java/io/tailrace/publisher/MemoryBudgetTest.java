package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class MemoryBudgetTest {

  @Test
  void refusesWhatIsBeyondItsBoundAndTakesAgainWhatWasGivenBack() {
    MemoryBudget budget = new MemoryBudget(100);

    assertThat(budget.tryTake(60)).isTrue();
    assertThat(budget.tryTake(41)).isFalse();
    assertThat(budget.used()).isEqualTo(60);
    assertThat(budget.tryTake(40)).isTrue();
    assertThat(budget.isSpent()).isTrue();
    budget.give(60);
    assertThat(budget.tryTake(60)).isTrue();
  }

  /** A thread that is refused again and again, as one that drops samples is. */
  @Test
  void whoIsRefusedNeverTakesRoomFromWhoFits() throws Exception {
    MemoryBudget budget = new MemoryBudget(100);
    AtomicBoolean over = new AtomicBoolean();
    CountDownLatch refused = new CountDownLatch(1);
    Thread greedy =
        new Thread(
            () -> {
              while (!over.get()) {
                if (!budget.tryTake(101)) {
                  refused.countDown();
                }
              }
            });
    greedy.start();
    refused.await();
    int faults = 0;
    for (int i = 0; i < 3_000_000; i++) {
      if (budget.tryTake(50)) {
        budget.give(50);
      } else {
        faults++;
      }
    }
    over.set(true);
    greedy.join();

    assertThat(faults).isZero();
    assertThat(budget.used()).isZero();
  }
}
