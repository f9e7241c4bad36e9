package io.tailrace.sink.core.provider;

import io.prometheus.client.Counter;
import java.io.IOException;
import java.util.Optional;

/** Keeps intent and outcome in a journal; one key is in the hands of one thread at a time. */
public final class JournaledOnce implements Once {
  private static final int LOCKS = 64;

  private final OnceJournal journal;
  private final Counter.Child ambiguous;
  private final Object[] locks = new Object[LOCKS];

  public JournaledOnce(OnceJournal journal, SinkMetrics metrics) {
    this.journal = journal;
    this.ambiguous =
        metrics.counter(
            "tailrace_sink_ambiguous_total",
            "Acts of which it is not known whether an earlier attempt got through.");
    for (int i = 0; i < LOCKS; i++) {
      locks[i] = new Object();
    }
  }

  @Override
  public String perform(String key, Act act) throws IOException, InterruptedException {
    synchronized (locks[Math.floorMod(key.hashCode(), LOCKS)]) {
      Optional<OnceNote> note = journal.read(key);
      if (note.isPresent() && note.get().done()) {
        return note.get().outcome();
      }
      if (note.isPresent()) {
        Found found = act.lookUp();
        if (found instanceof Found.Done done) {
          return remembered(key, done.outcome());
        }
        if (found instanceof Found.Unknown unknown) {
          ambiguous.inc();
          if (!unknown.repeat()) {
            return remembered(key, "");
          }
        }
      } else {
        journal.write(key, OnceNote.INTENT);
      }
      return remembered(key, act.act());
    }
  }

  private String remembered(String key, String outcome) throws IOException, InterruptedException {
    journal.write(key, OnceNote.done(outcome));
    return outcome;
  }

  @Override
  public Optional<String> outcome(String key) throws IOException, InterruptedException {
    return journal.read(key).filter(OnceNote::done).map(OnceNote::outcome);
  }

  @Override
  public void remember(String key, String outcome) throws IOException, InterruptedException {
    journal.write(key, OnceNote.done(outcome));
  }
}
