package io.tailrace.sink.results;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class WindowsFileTest {
  @TempDir Path folder;

  @Test
  void writesALineOnceHoweverOftenItIsDelivered() throws IOException {
    WindowsFile windows = WindowsFile.open(folder);
    windows.append(List.of(line(4, "a"), line(7, "b")));
    windows.append(List.of(line(4, "a"), line(7, "b"), line(9, "c")));
    WindowsFile.open(folder).append(List.of(line(9, "c"), line(10, "d")));

    assertThat(folder.resolve("windows.ndjson")).hasContent("a\nb\nc\nd");
  }

  @Test
  void cutsOffWhatACrashLeftWithoutItsMarker() throws IOException {
    WindowsFile.open(folder).append(List.of(line(0, "a")));
    Files.writeString(folder.resolve("windows.ndjson"), "b\nhalf of", StandardOpenOption.APPEND);

    WindowsFile.open(folder).append(List.of(line(1, "b"), line(2, "c")));

    assertThat(folder.resolve("windows.ndjson")).hasContent("a\nb\nc");
  }

  @Test
  void saysWhatToDoWithAMarkerItCannotRead() throws IOException {
    Files.writeString(folder.resolve(".windows.position"), "garbage");

    assertThatThrownBy(() -> WindowsFile.open(folder))
        .isInstanceOf(IOException.class)
        .hasMessageContaining(".windows.position")
        .hasMessageContaining("delete");
  }

  private static WindowsFile.Line line(long offset, String json) {
    return new WindowsFile.Line(offset, json);
  }
}
