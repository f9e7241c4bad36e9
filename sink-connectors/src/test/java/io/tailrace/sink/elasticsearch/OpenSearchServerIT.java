package io.tailrace.sink.elasticsearch;

import io.tailrace.embedded.SearchProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class OpenSearchServerIT extends SearchServersContract {
  OpenSearchServerIT(@TempDir Path folder) {
    super(SearchProcess.Kind.OPENSEARCH, folder);
  }
}
