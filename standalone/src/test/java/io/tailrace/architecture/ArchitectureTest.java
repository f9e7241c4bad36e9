package io.tailrace.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaCall;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.time.Clock;
import java.util.Arrays;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class ArchitectureTest {
  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.tailrace");

  /** A rule over nothing holds nothing: only these modules may be empty. */
  private static final Set<String> NOT_BUILT_YET = Set.of("generator");

  /** What computes results: the same input gives the same output, anywhere and at any time. */
  private static final String[] PURE = {
    "io.tailrace.aggregator.sla..",
    "io.tailrace.aggregator.window..",
    "io.tailrace.histogram..",
    "io.tailrace.objective.."
  };

  private static final String[] OUTSIDE_WORLD = {
    "com.sun.net.httpserver..",
    "io.netty..",
    "io.vertx..",
    "java.net..",
    "java.nio.channels..",
    "java.nio.file..",
    "java.sql..",
    "org.apache.kafka.."
  };

  /** The one place of its module that asks what time it is. */
  private static final Set<String> CLOCKS =
      Set.of("io.tailrace.cli.WallClock", "io.tailrace.publisher.SteadyClock");

  /** Has a main of its own, whose result is the address it prints. */
  private static final String BROKER_MAIN = "io.tailrace.embedded.EmbeddedKafkaMain";

  @ParameterizedTest
  @MethodSource("io.tailrace.architecture.Module#all")
  void modulesUseOnlyWhatTheyMay(Module module) {
    String[] forbidden = module.forbiddenPatterns();
    if (forbidden.length > 0) {
      noClasses()
          .that()
          .resideInAnyPackage(module.patterns())
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(forbidden)
          .allowEmptyShould(NOT_BUILT_YET.contains(module.name()))
          .check(CLASSES);
    }
  }

  @Test
  void everyPackageBelongsToAModule() {
    String[] known =
        Module.all().stream()
            .flatMap(module -> Arrays.stream(module.patterns()))
            .toArray(String[]::new);
    classes().should().resideInAnyPackage(known).check(CLASSES);
  }

  @Test
  void packagesHaveNoCycles() {
    slices().matching("io.tailrace.(**)").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void sinksNeverSeeKafka() {
    noClasses()
        .that()
        .resideInAPackage("io.tailrace.sink..")
        .and()
        .resideOutsideOfPackage("io.tailrace.sink.core..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.apache.kafka..")
        .check(CLASSES);
  }

  @Test
  void sinksDoNotKnowEachOther() {
    slices()
        .matching("io.tailrace.sink.(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(alwaysTrue(), resideInAPackage("io.tailrace.sink.core.."))
        .check(CLASSES);
  }

  @Test
  void whatComputesResultsKnowsNothingOfTheOutsideWorld() {
    noClasses()
        .that()
        .resideInAnyPackage(PURE)
        .or()
        .haveSimpleNameEndingWith("Encoder")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(OUTSIDE_WORLD)
        .orShould()
        .dependOnClassesThat()
        .haveNameMatching("java\\.io\\.(File|RandomAccess|Console).*")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLASSES);
  }

  /** {@code System.nanoTime}, which measures patience and decides no result, is free elsewhere. */
  @Test
  void onlyOnePlacePerModuleAsksWhatTimeItIs() {
    noClasses()
        .that(DescribedPredicate.not(named(CLOCKS)))
        .should()
        .callMethodWhere(asksForTheTime())
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineWritesToTheConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tailrace.cli..")
        .and(DescribedPredicate.not(named(Set.of(BROKER_MAIN))))
        .should()
        .accessField(System.class, "out")
        .orShould()
        .accessField(System.class, "err")
        .orShould()
        .callMethod(Throwable.class, "printStackTrace")
        .check(CLASSES);
  }

  @Test
  void staticFieldsAreFinal() {
    fields()
        .that()
        .areStatic()
        .and()
        .areDeclaredInClassesThat()
        .resideOutsideOfPackage("io.tailrace.record..")
        .should()
        .beFinal()
        .check(CLASSES);
  }

  private static DescribedPredicate<JavaClass> named(Set<String> names) {
    return DescribedPredicate.describe(
        "named " + names, c -> names.contains(c.getFullName().split("\\$", 2)[0]));
  }

  private static DescribedPredicate<JavaCall<?>> asksForTheTime() {
    return DescribedPredicate.describe(
        "asks for the time",
        call -> {
          String owner = call.getTargetOwner().getFullName();
          String name = call.getTarget().getName();
          return (owner.equals("java.lang.System") && name.equals("currentTimeMillis"))
              || (owner.startsWith("java.time.") && name.equals("now"))
              || (owner.equals(Clock.class.getName()) && name.startsWith("system"))
              || (owner.equals("java.util.Date")
                  && name.equals("<init>")
                  && call.getTarget().getParameterTypes().isEmpty());
        });
  }
}
