package io.tailrace.sink.elasticsearch;

import io.tailrace.embedded.SearchProcess;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;

class ElasticsearchServerIT extends SearchServersContract {
  ElasticsearchServerIT(@TempDir Path folder) {
    super(SearchProcess.Kind.ELASTICSEARCH, folder);
  }
}
