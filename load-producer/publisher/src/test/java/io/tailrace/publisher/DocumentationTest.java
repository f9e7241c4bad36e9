package io.tailrace.publisher;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class DocumentationTest {

  @Test
  void quotesTheExampleThatIsCompiled() throws IOException {
    String source =
        Files.readString(Path.of("src/test/java/io/tailrace/publisher/PublishingExample.java"));
    String example =
        source
            .substring(source.indexOf("    // example\n"), source.indexOf("    // end\n"))
            .replace("    // example\n", "")
            .replaceAll("(?m)^ {4}", "");

    assertThat(Files.readString(Path.of("../../docs/publishing.md"))).contains(example);
  }
}
