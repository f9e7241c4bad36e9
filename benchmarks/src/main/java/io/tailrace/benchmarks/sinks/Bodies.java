package io.tailrace.benchmarks.sinks;

import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Prepared bodies in their lanes. They stay in their file until they are sent: all of them at once
 * would be more than the heap that a sink has.
 */
final class Bodies implements AutoCloseable {
  /** One request. */
  @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
  record Body(String path, String contentType, byte[] bytes) {}

  private record Place(String path, String contentType, long position, int length) {}

  private final FileChannel file;
  private final List<Lane> lanes = new ArrayList<>();
  private long bytes;

  private Bodies(FileChannel file) {
    this.file = file;
  }

  static Bodies open(Path path, SinkCase sinkCase, int lanes) throws IOException {
    Bodies bodies = new Bodies(FileChannel.open(path));
    for (int i = 0; i < lanes; i++) {
      bodies.lanes.add(bodies.new Lane());
    }
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(path)))) {
      long position = 0;
      for (int number = 0; position < bodies.file.size(); number++) {
        String at = in.readUTF();
        String contentType = in.readUTF();
        int length = in.readInt();
        // A UTF has its length in two bytes before it; all of these are ASCII.
        position += 2 * Short.BYTES + at.length() + contentType.length() + Integer.BYTES;
        int lane = sinkCase.lane(in.readNBytes(length), number) % lanes;
        bodies.lanes.get(lane).places.add(new Place(at, contentType, position, length));
        bodies.bytes += length;
        position += length;
      }
    }
    return bodies;
  }

  /** Of all bodies together. */
  long bytes() {
    return bytes;
  }

  List<Lane> lanes() {
    return lanes;
  }

  @Override
  public void close() throws IOException {
    file.close();
  }

  /** Bodies to be sent one after the other, by one thread. */
  final class Lane {
    private final List<Place> places = new ArrayList<>();
    private int next;

    /** The next one; null behind the last. */
    @Nullable Body next() throws IOException {
      if (next == places.size()) {
        return null;
      }
      Place place = places.get(next++);
      ByteBuffer buffer = ByteBuffer.allocate(place.length());
      while (buffer.hasRemaining()) {
        if (file.read(buffer, place.position() + buffer.position()) < 0) {
          throw new IOException("the file of bodies ends before its time");
        }
      }
      return new Body(place.path(), place.contentType(), buffer.array());
    }
  }
}
