package io.tailrace.sink;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Violation;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Delivery;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkProvider;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/**
 * A hundred violations, whatever happens meanwhile, are a hundred things in a system for people,
 * which has no undo; a sink opts in by subclassing.
 */
@Timeout(400)
public abstract class CrashContract {
  protected static final int VIOLATIONS = 100;

  /** The sink under test. */
  protected abstract SinkProvider provider();

  /** The target's behaviour, with a store of its own for each test instance. */
  protected abstract Answer vendor(Request request) throws IOException;

  /** Whether a request changes something, so that it matters when its answer is lost. */
  protected abstract boolean isChange(Request request);

  /** The sink's block without its own key; impatient, for tests. */
  protected abstract String block(URI target);

  /** What is published: {@link #VIOLATIONS} of them, some with later states. */
  protected abstract List<Violation> violations();

  /** How many violations the target knows in their last state. */
  protected abstract int stored();

  /** Holds everything in the target against what was published. */
  protected abstract void assertEachOnceAndAsItIs();

  @Test
  final void throughKillsStopsAndLostAnswers(@TempDir Path folder) throws Exception {
    try (SinkUnderFire fire =
        new SinkUnderFire(folder, this::vendor, this::isChange, this::stored)) {
      String block =
          block(fire.target().url())
              + "batch_size: 20\nretry: {delay: 50ms, max_delay: 300ms}\nmax_attempts: 100000\n";
      fire.deliver(violations(), provider().name() + ":\n" + block.indent(2), VIOLATIONS);
      assertThat(fire.lost()).isPositive();
    }
    assertEachOnceAndAsItIs();
  }

  @Test
  final void countsWhatWasInDoubt() throws Exception {
    LosingVendor losing = new LosingVendor(this::vendor, this::isChange);
    try (StubTarget target = StubTarget.start(losing);
        TestSink sink = TestSink.open(provider(), block(target.url()), OnceJournal.inMemory())) {
      for (Violation violation : violations()) {
        while (!isDelivered(sink, violation)) {
          Thread.onSpinWait();
        }
      }
      assertThat(losing.lost()).isPositive();
      assertThat(sink.metric("tailrace_sink_unanswered_total")).isEqualTo(losing.lost());
      assertThat(target.strangers()).isEmpty();
    }
    assertEachOnceAndAsItIs();
  }

  private static boolean isDelivered(TestSink sink, Violation violation) throws Exception {
    try {
      return sink.deliver(Feed.VIOLATIONS, violation).equals(Delivery.accepted());
    } catch (IOException e) {
      return false;
    }
  }
}
