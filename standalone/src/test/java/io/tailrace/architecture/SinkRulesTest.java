package io.tailrace.architecture;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.service.SinkCatalogue;
import io.tailrace.sink.core.service.SinkReference;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every sink has in common. */
class SinkRulesTest {
  private static final Path ROOT = Path.of("..").toAbsolutePath().normalize();
  private static final String SINKS = "sink-connectors/src/%s/java/io/tailrace/sink";

  /** Not sinks: what they stand on; and what has no target to hold a contract against. */
  private static final Set<String> NO_SINKS = Set.of("core");

  private static final Set<String> NO_HTTP = Set.of("results");

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.tailrace.sink");

  @Test
  void everyPackageIsOneSinkThatIsFound() throws IOException {
    Set<String> packages = new TreeSet<>(folders("main"));
    packages.removeAll(NO_SINKS);
    assertThat(SinkCatalogue.load().all().stream().map(SinkProvider::name).toList())
        .as("providers found")
        .containsExactlyElementsOf(packages);
    for (SinkProvider provider : SinkCatalogue.load().all()) {
      assertThat(provider.getClass().getPackageName())
          .isEqualTo("io.tailrace.sink." + provider.name());
      assertThat(provider.summary()).endsWith(".");
      assertThat(provider.feeds()).isNotEmpty();
    }
  }

  @Test
  void everySinkPassesTheContract() throws IOException {
    for (SinkProvider provider : SinkCatalogue.load().all()) {
      if (!NO_HTTP.contains(provider.name())) {
        try (Stream<Path> tests =
            Files.list(ROOT.resolve(SINKS.formatted("test")).resolve(provider.name()))) {
          assertThat(tests.map(file -> file.getFileName().toString()).toList())
              .as("tests of " + provider.name())
              .anyMatch(name -> name.endsWith("ContractIT.java"));
        }
      }
    }
  }

  @Test
  void onlyTheCoreSpeaksHttpItself() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tailrace.sink.core.http..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "io.netty..", "java.net.http..")
        .check(CLASSES);
  }

  @Test
  void theReferenceIsCurrent() throws IOException {
    assertThat(Files.readString(ROOT.resolve("docs/sinks.md")))
        .as("made anew by: ./tailrace sinks reference > docs/sinks.md")
        .isEqualTo(SinkReference.page(SinkCatalogue.load()));
  }

  private static List<String> folders(String sources) throws IOException {
    try (Stream<Path> all = Files.list(ROOT.resolve(SINKS.formatted(sources)))) {
      return all.filter(Files::isDirectory)
          .map(folder -> folder.getFileName().toString())
          .collect(Collectors.toList());
    }
  }
}
