package io.tailrace.sink.core.option;

import io.tailrace.config.Settings;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.stream.Stream;

/** The options of one block, in the order in which people should read of them. */
public record Options(List<Option<?>> all) {
  public static final Options NONE = new Options(List.of());

  public Options {
    all = List.copyOf(all);
    long keys = all.stream().map(Option::key).distinct().count();
    if (keys != all.size()) {
      throw new IllegalArgumentException(
          "an option is declared twice among " + all.stream().map(Option::key).toList());
    }
  }

  public static Options of(Option<?>... options) {
    return new Options(List.of(options));
  }

  public Options and(Options more) {
    return new Options(Stream.concat(all.stream(), more.all.stream()).toList());
  }

  public Optional<Option<?>> named(String key) {
    return all.stream().filter(option -> option.key().equals(key)).findFirst();
  }

  /**
   * Reads a record from a block. Every option is read as well, so that a key that is documented is
   * a known one even where the record does not ask for it.
   */
  public <T> T read(Settings block, Function<Settings, T> reader) {
    for (Option<?> option : all) {
      if (option.inside().all().isEmpty()) {
        Object unused = option.from(block);
      } else {
        block.declare(option.key());
      }
    }
    return reader.apply(block);
  }
}
