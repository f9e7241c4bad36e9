package io.tailrace.topics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import org.junit.jupiter.api.Test;

class TopicCatalogueTest {
  private final TopicCatalogue catalogue = new TopicCatalogue(Topics.withPrefix("load."), 32);

  @Test
  void hasEveryTopicUnderThePrefix() {
    assertThat(catalogue.topics())
        .extracting(TopicSpec::name)
        .containsExactly(
            "load.samples",
            "load.windows",
            "load.violations",
            "load.runs",
            "load.summaries",
            "load.rules",
            "load.commands",
            "load.dead-letters",
            "load.sink-state");
  }

  @Test
  void letsTheBrokerTellTheTime() {
    assertThat(catalogue.topics())
        .allSatisfy(
            topic ->
                assertThat(topic.config())
                    .containsEntry("message.timestamp.type", "LogAppendTime"));
  }

  @Test
  void keepsSamplesAWeekAndTheCatalogueOfRunsForEver() {
    assertThat(spec("load.samples").config()).containsEntry("retention.ms", "604800000");
    assertThat(spec("load.windows").config()).containsEntry("retention.ms", "2592000000");
    assertThat(spec("load.runs").config())
        .containsEntry("cleanup.policy", "compact")
        .doesNotContainKey("retention.ms");
  }

  @Test
  void takesOtherSettings() {
    TopicCatalogue other = catalogue.withConfig("load.samples", Map.of("retention.ms", "1"));
    assertThat(other.topics().get(0).config())
        .containsEntry("retention.ms", "1")
        .containsEntry("cleanup.policy", "delete");
    assertThatThrownBy(() -> catalogue.withConfig("load.sample", Map.of()))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("load.samples");
  }

  private TopicSpec spec(String name) {
    return catalogue.topics().stream().filter(t -> t.name().equals(name)).findFirst().orElseThrow();
  }
}
