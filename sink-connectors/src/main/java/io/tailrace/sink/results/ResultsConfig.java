package io.tailrace.sink.results;

import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import java.nio.file.Path;

/** Where results go. */
record ResultsConfig(Path folder) {
  private static final Option<Path> FOLDER =
      Option.path(
              "folder", "Where files go: reports of the latest run here, each run's in a folder.")
          .or(Path.of("results"));

  static final Options OPTIONS = Options.of(FOLDER);

  static ResultsConfig from(Settings block) {
    return new ResultsConfig(FOLDER.from(block));
  }
}
