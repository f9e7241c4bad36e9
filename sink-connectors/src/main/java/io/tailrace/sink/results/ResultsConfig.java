package io.tailrace.sink.results;

import io.tailrace.config.Settings;
import io.tailrace.sink.core.option.Option;
import io.tailrace.sink.core.option.Options;
import io.tailrace.sink.core.template.Template;
import java.nio.file.Path;
import java.util.Set;

/**
 * Where results go.
 *
 * @param folder reports of the latest run, and the runs' folders
 * @param runFolder names a run's folder below it
 */
record ResultsConfig(Path folder, Template runFolder) {
  /** What windows and summaries of a run say alike: they come in either order. */
  private static final Set<String> STEADY =
      Set.of("run_id", "test_id", "test_name", "environment", "version", "env");

  static final Template BY_RUN = Template.of("{{run_id}}", RunFolder::safeName);

  private static final Option<Path> FOLDER =
      Option.path("folder", "Where the latest run's reports go, and a folder for each run.")
          .or(Path.of("results"));
  private static final Option<Template> RUN_FOLDER =
      Option.template(
              "run_folder",
              "Names a run's folder, such as {{test_name}}/{{run_id}}; must name the run.",
              RunFolder::safeName)
          .where(
              template ->
                  STEADY.containsAll(template.names())
                      && (template.names().contains("run_id")
                          || template.names().contains("test_id")),
              "run_id, and of the others only test_name, environment, version and env")
          .where(
              template ->
                  !template.toString().startsWith("/") && !template.toString().contains(".."),
              "a path below the folder")
          .or(BY_RUN);

  static final Options OPTIONS = Options.of(FOLDER, RUN_FOLDER);

  static ResultsConfig from(Settings block) {
    return new ResultsConfig(FOLDER.from(block), RUN_FOLDER.from(block));
  }
}
