package io.tailrace.sink.core.provider;

import java.io.IOException;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/** Where intents and outcomes are kept; a write has returned when a crash cannot undo it. */
public interface OnceJournal {
  Optional<OnceNote> read(String key) throws IOException, InterruptedException;

  void write(String key, OnceNote note) throws IOException, InterruptedException;

  /** A journal that lasts as long as the process. */
  static OnceJournal inMemory() {
    Map<String, OnceNote> notes = new ConcurrentHashMap<>();
    return new OnceJournal() {
      @Override
      public Optional<OnceNote> read(String key) {
        return Optional.ofNullable(notes.get(key));
      }

      @Override
      public void write(String key, OnceNote note) {
        notes.put(key, note);
      }
    };
  }
}
