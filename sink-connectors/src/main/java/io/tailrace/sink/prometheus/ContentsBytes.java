package io.tailrace.sink.prometheus;

import io.tailrace.sink.prometheus.Contents.Share;
import io.tailrace.sink.prometheus.Contents.StatusPart;
import io.tailrace.sink.prometheus.Contents.Times;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Contents as bytes that only this process reads. Not thread-safe. */
final class ContentsBytes {
  private static final int UNKNOWN = -1;
  private static final int SAME_AS_ALL = -2;

  private ByteBuffer out = ByteBuffer.allocate(4 * 1024);

  /** The bytes, from the array's beginning to the buffer's limit; good until the next call. */
  ByteBuffer write(Contents contents) {
    out.clear();
    share(contents.all(), Share.NOTHING);
    room(2 * Long.BYTES + 2 * Integer.BYTES);
    out.putLong(contents.sent()).putLong(contents.received());
    out.putInt(contents.byStatus().size()).putInt(contents.errorKinds().size());
    for (StatusPart part : contents.byStatus()) {
      room(Integer.BYTES);
      out.putInt(part.status());
      share(part.share(), contents.all());
    }
    contents.errorKinds().forEach(this::errorKind);
    return out.flip();
  }

  private void errorKind(String kind, Long count) {
    byte[] name = kind.getBytes(StandardCharsets.UTF_8);
    room(Integer.BYTES + name.length + Long.BYTES);
    out.putInt(name.length).put(name).putLong(count);
  }

  private void share(Share share, Share all) {
    room(2 * Long.BYTES);
    out.putLong(share.requests()).putLong(share.errors());
    times(share.response(), all.response());
    times(share.service(), all.service());
  }

  @SuppressWarnings("ReferenceEquality") // The same object or not: nobody compares bytes here.
  private void times(Times times, Times all) {
    ByteBuffer frame = times.frame();
    if (frame == null) {
      room(Integer.BYTES);
      out.putInt(UNKNOWN);
    } else if (frame == all.frame()) {
      room(Integer.BYTES);
      out.putInt(SAME_AS_ALL);
    } else {
      room(Integer.BYTES + frame.remaining() + Double.BYTES);
      out.putInt(frame.remaining()).put(frame.duplicate()).putDouble(times.sumMicros());
    }
  }

  private void room(int bytes) {
    if (out.remaining() < bytes) {
      ByteBuffer larger = ByteBuffer.allocate(Math.max(2 * out.capacity(), out.position() + bytes));
      out = larger.put(out.flip());
    }
  }

  static Contents read(ByteBuffer in) {
    Share all = share(in, Share.NOTHING);
    long sent = in.getLong();
    long received = in.getLong();
    int statuses = in.getInt();
    int kinds = in.getInt();
    List<StatusPart> parts = new ArrayList<>();
    for (int i = 0; i < statuses; i++) {
      Integer status = in.getInt();
      parts.add(new StatusPart(status, share(in, all)));
    }
    Map<String, Long> errorKinds = new HashMap<>();
    for (int i = 0; i < kinds; i++) {
      byte[] name = bytes(in, in.getInt());
      errorKinds.put(new String(name, StandardCharsets.UTF_8), in.getLong());
    }
    return new Contents(all, parts, errorKinds, sent, received);
  }

  private static Share share(ByteBuffer in, Share all) {
    long requests = in.getLong();
    long errors = in.getLong();
    Times response = times(in, all.response());
    return new Share(requests, errors, response, times(in, all.service()));
  }

  private static Times times(ByteBuffer in, Times all) {
    int length = in.getInt();
    return switch (length) {
      case UNKNOWN -> Times.NONE;
      case SAME_AS_ALL -> all;
      default -> new Times(ByteBuffer.wrap(bytes(in, length)), in.getDouble());
    };
  }

  private static byte[] bytes(ByteBuffer in, int length) {
    byte[] bytes = new byte[length];
    in.get(bytes);
    return bytes;
  }
}
