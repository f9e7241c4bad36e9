package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.record.Objective;
import io.tailrace.record.ObjectiveAction;
import io.tailrace.record.RunDescription;
import io.tailrace.record.RunMode;
import io.tailrace.record.Severity;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SamplePublisherBuilderTest {

  @Test
  void keepsAllOfTheDescriptionItIsGivenAndLeavesTheCallersAlone() {
    Objective quick =
        new Objective(
            "quick",
            "p95 < 500ms",
            "*",
            0L,
            0L,
            0L,
            0L,
            1L,
            Severity.CRITICAL,
            ObjectiveAction.ABORT);
    RunDescription given =
        new RunDescription(
            "checkout",
            "staging",
            "1.4",
            Map.of("team", "shop"),
            RunMode.IMPORT,
            "abc",
            "main",
            3,
            "name: checkout",
            List.of(quick),
            "https://reports.test/1");

    RunDescription kept =
        SamplePublisher.builder().run("r1").node("n1").description(given).settings().description();

    assertThat(kept).isEqualTo(given).isNotSameAs(given);
  }
}
