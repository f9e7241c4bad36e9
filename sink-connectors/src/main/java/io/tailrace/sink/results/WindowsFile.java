package io.tailrace.sink.results;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.List;

/**
 * The windows of one run, a line each, every line exactly once. Beside it lies a marker with the
 * next offset and the length up to it: what was appended without its marker is cut off and comes
 * again from Kafka.
 */
final class WindowsFile {
  /** One line and the offset of the record it was made of. */
  record Line(long offset, String json) {}

  private final Path file;
  private final Path marker;
  private long nextOffset;
  private long length;

  private WindowsFile(Path file, Path marker, long nextOffset, long length) {
    this.file = file;
    this.marker = marker;
    this.nextOffset = nextOffset;
    this.length = length;
  }

  static WindowsFile open(Path directory) throws IOException {
    Files.createDirectories(directory);
    Path file = directory.resolve("windows.ndjson");
    Path marker = directory.resolve(".windows.position");
    long nextOffset = 0;
    long length = 0;
    try {
      List<String> lines = Files.readAllLines(marker);
      nextOffset = Long.parseLong(lines.get(0));
      length = Long.parseLong(lines.get(1));
    } catch (NoSuchFileException e) {
      // A new run: both are zero.
    } catch (NumberFormatException | IndexOutOfBoundsException e) {
      throw new IOException(
          marker + " is not readable; delete " + directory + " to have it written anew", e);
    }
    return new WindowsFile(file, marker, nextOffset, length);
  }

  /** Appends what is not there yet, and returns when it is on the disk. */
  void append(List<Line> lines) throws IOException {
    StringBuilder text = new StringBuilder();
    long next = nextOffset;
    for (Line line : lines) {
      if (line.offset() >= next) {
        text.append(line.json()).append('\n');
        next = line.offset() + 1;
      }
    }
    if (text.isEmpty()) {
      return;
    }
    byte[] bytes = text.toString().getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      channel.truncate(length);
      ByteBuffer buffer = ByteBuffer.wrap(bytes);
      for (long at = length; buffer.hasRemaining(); ) {
        at += channel.write(buffer, at);
      }
      channel.force(true);
    }
    mark(next, length + bytes.length);
  }

  private void mark(long next, long newLength) throws IOException {
    Path fresh = marker.resolveSibling(marker.getFileName() + ".new");
    byte[] text = (next + "\n" + newLength + "\n").getBytes(StandardCharsets.US_ASCII);
    try (FileChannel channel =
        FileChannel.open(
            fresh,
            StandardOpenOption.CREATE,
            StandardOpenOption.WRITE,
            StandardOpenOption.TRUNCATE_EXISTING)) {
      channel.write(ByteBuffer.wrap(text));
      // A marker older than the committed offset would cut off lines that never come again.
      channel.force(true);
    }
    Files.move(fresh, marker, StandardCopyOption.ATOMIC_MOVE, StandardCopyOption.REPLACE_EXISTING);
    nextOffset = next;
    length = newLength;
  }

  Path file() {
    return file;
  }
}
