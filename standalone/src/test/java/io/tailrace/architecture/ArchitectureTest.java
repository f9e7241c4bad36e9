package io.tailrace.architecture;

import static com.tngtech.archunit.base.DescribedPredicate.alwaysTrue;
import static com.tngtech.archunit.base.DescribedPredicate.describe;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.fields;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.AccessTarget.CodeUnitCallTarget;
import com.tngtech.archunit.core.domain.JavaCall;
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
          .withImportOption(location -> !location.contains("-tests.jar"))
          .importPackages("io.tailrace");

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

  /**
   * Who may ask what time it is: the clock of the samples; who wonders whether a partition fell
   * quiet, and decides when the log says so; who paces commits, which no result depends on; and who
   * measures for a metric how old a window was.
   */
  private static final Set<String> CLOCKS =
      Set.of(
          "io.tailrace.cli.WallClock.nowMicros",
          "io.tailrace.publisher.SteadyClock.<init>",
          "io.tailrace.aggregator.app.Ticker.isDue",
          "io.tailrace.aggregator.topology.CommitPace.isDue",
          "io.tailrace.aggregator.topology.RunProcessor.save");

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
        .orShould()
        .callMethodWhere(
            describe(
                "asks for the time or the system's clock",
                call -> asksForTheTime(call.getTarget()) || isSystemClock(call.getTarget())))
        .check(CLASSES);
  }

  /**
   * {@code System.nanoTime}, which measures patience and decides no result, is free outside the
   * pure packages; so is handing somebody a {@code Clock}.
   */
  @Test
  void fewPlacesAskWhatTimeItIs() {
    noClasses()
        .should()
        .callMethodWhere(
            describe(
                "asks for the time",
                call -> asksForTheTime(call.getTarget()) && !CLOCKS.contains(caller(call))))
        .check(CLASSES);
  }

  @Test
  void onlyTheCommandLineWritesToTheConsole() {
    noClasses()
        .that()
        .resideOutsideOfPackage("io.tailrace.cli..")
        .and()
        .doNotHaveFullyQualifiedName(BROKER_MAIN)
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

  private static String caller(JavaCall<?> call) {
    return call.getOriginOwner().getFullName() + "." + call.getOrigin().getName();
  }

  private static boolean asksForTheTime(CodeUnitCallTarget called) {
    String owner = called.getOwner().getFullName();
    boolean clockGiven =
        called.getRawParameterTypes().stream().anyMatch(type -> type.isEquivalentTo(Clock.class));
    return (owner.equals("java.lang.System") && called.getName().equals("currentTimeMillis"))
        || (owner.startsWith("java.time.") && called.getName().equals("now") && !clockGiven);
  }

  private static boolean isSystemClock(CodeUnitCallTarget called) {
    return called.getOwner().isEquivalentTo(Clock.class) && called.getName().startsWith("system");
  }
}
