package io.tailrace.sink.core.runner;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.record.Aggregate;
import io.tailrace.record.ViolationState;
import io.tailrace.sink.TestAggregates;
import io.tailrace.sink.TestRuns;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.Item;
import io.tailrace.sink.core.Origin;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.OnceNote;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class SeriesBudgetTest {
  private static final Origin ORIGIN = new Origin("t", 0, 0);

  private final OnceJournal memory = OnceJournal.inMemory();

  @Test
  void theSeriesThatCameFirstAreSentInEveryLife() throws Exception {
    SeriesBudget first = new SeriesBudget("s", 2, memory);
    assertThat(admitted(first, "r", "a", "b", "c", "a", "c")).containsExactly("a", "b", "a");
    first.save();
    SeriesBudget next = new SeriesBudget("s", 2, memory);
    assertThat(admitted(next, "r", "c", "b", "d", "a")).containsExactly("b", "a");
  }

  @Test
  void theWholeRunAndWhatIsFoldedAlreadyAreAlwaysSent() throws Exception {
    SeriesBudget budget = new SeriesBudget("s", 1, memory);
    assertThat(admitted(budget, "r", "*", "a", "b", "__other__", "*"))
        .containsExactly("*", "a", "__other__", "*");
  }

  @Test
  void everyRunHasABudgetOfItsOwn() throws Exception {
    SeriesBudget budget = new SeriesBudget("s", 1, memory);
    assertThat(admitted(budget, "r1", "a", "b")).containsExactly("a");
    assertThat(admitted(budget, "r2", "b", "a")).containsExactly("b");
    for (int run = 0; run < 1_000; run++) {
      assertThat(admitted(budget, "other" + run, "x")).hasSize(1);
      budget.save();
    }
    assertThat(admitted(budget, "r1", "b", "a")).as("read again").containsExactly("a");
  }

  @Test
  void seriesOfOneNameDifferByMethodAndTags() throws Exception {
    SeriesBudget budget = new SeriesBudget("s", 2, memory);
    Aggregate post = TestAggregates.window("r", "a", 0, 1);
    post.getSeries().setMethod("POST");
    Aggregate tagged = TestAggregates.window("r", "a", 0, 1);
    tagged.getSeries().setTags(Map.of("k", "v"));
    assertThat(budget.admits(item(TestAggregates.window("r", "a", 0, 1)))).isTrue();
    assertThat(budget.admits(item(post))).isTrue();
    assertThat(budget.admits(item(tagged))).isFalse();
  }

  @Test
  void totalsShareTheirSeriesFateAndOtherFeedsAreNotLimited() throws Exception {
    SeriesBudget budget = new SeriesBudget("s", 1, memory);
    assertThat(admitted(budget, "r", "a", "b")).containsExactly("a");
    assertThat(budget.admits(item(TestAggregates.total("r", "b", 1)))).isFalse();
    assertThat(budget.admits(item(TestAggregates.total("r", "a", 1)))).isTrue();
    Item violation =
        new Item(Feed.VIOLATIONS, ORIGIN, TestRuns.violation("r", ViolationState.OPENED, 0));
    assertThat(budget.admits(violation)).isTrue();
  }

  @Test
  void whatCouldNotBeKeptIsKeptNextTime() throws Exception {
    boolean[] down = {true};
    OnceJournal failing =
        new OnceJournal() {
          @Override
          public Optional<OnceNote> read(String key) throws IOException, InterruptedException {
            return memory.read(key);
          }

          @Override
          public void write(String key, OnceNote note) throws IOException, InterruptedException {
            if (down[0]) {
              throw new IOException("Kafka is away");
            }
            memory.write(key, note);
          }
        };
    SeriesBudget budget = new SeriesBudget("s", 1, failing);
    assertThat(admitted(budget, "r", "a")).hasSize(1);
    assertThatThrownBy(budget::save).hasMessage("Kafka is away");
    down[0] = false;
    assertThat(admitted(budget, "r", "a")).hasSize(1);
    budget.save();
    assertThat(admitted(new SeriesBudget("s", 1, memory), "r", "b", "a")).containsExactly("a");
  }

  private static List<String> admitted(SeriesBudget budget, String run, String... series)
      throws Exception {
    List<String> admitted = new ArrayList<>();
    for (String each : series) {
      if (budget.admits(item(TestAggregates.window(run, each, 0, 1)))) {
        admitted.add(each);
      }
    }
    return admitted;
  }

  private static Item item(Aggregate aggregate) {
    return new Item(Feed.AGGREGATES, ORIGIN, aggregate);
  }
}
