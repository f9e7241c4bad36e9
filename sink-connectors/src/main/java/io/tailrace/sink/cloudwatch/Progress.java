package io.tailrace.sink.cloudwatch;

/**
 * What is known of one partition: everything before {@code next} was put, or refused, or is in
 * doubt and stays so; from there to {@code open} a request is under way.
 *
 * @param windows how many windows the request under way holds
 * @param newestMicros the latest end of any window before {@code open}, sent or not
 * @param judgedMillis when the windows before {@code open} were held against the age limit
 */
record Progress(long next, long open, int windows, long newestMicros, long judgedMillis) {
  static final Progress NONE = new Progress(0, 0, 0, Long.MIN_VALUE, 0);
  private static final String VERSION = "1";

  boolean isOpen() {
    return open > next;
  }

  /** A log that begins again has offsets that were seen, with windows that were not. */
  boolean isOfAnotherLog(long offset, long windowEndMicros) {
    return offset < open && windowEndMicros > newestMicros;
  }

  boolean covers(long offset) {
    return offset < next;
  }

  Progress opening(Request request, long nowMillis) {
    return new Progress(
        next,
        request.end(),
        request.windows(),
        Math.max(request.newestMicros(), newestMicros),
        nowMillis);
  }

  /** The request is done with, whatever came of it. */
  Progress passed() {
    return new Progress(open, open, 0, newestMicros, judgedMillis);
  }

  /** The whole batch is settled. */
  Progress reaching(long end, long newest, long nowMillis) {
    return new Progress(end, end, 0, Math.max(newest, newestMicros), nowMillis);
  }

  /** The request came to nothing, for certain. */
  Progress undone() {
    return new Progress(next, next, 0, newestMicros, judgedMillis);
  }

  String written() {
    return String.join(
        " ",
        VERSION,
        Long.toString(next),
        Long.toString(open),
        Integer.toString(windows),
        Long.toString(newestMicros),
        Long.toString(judgedMillis));
  }

  static Progress read(String written) {
    String[] parts = written.split(" ", -1);
    if (parts.length != 6 || !parts[0].equals(VERSION)) {
      throw new IllegalArgumentException(
          "\"" + written + "\" is no note of what was sent; expected version " + VERSION);
    }
    return new Progress(
        Long.parseLong(parts[1]),
        Long.parseLong(parts[2]),
        Integer.parseInt(parts[3]),
        Long.parseLong(parts[4]),
        Long.parseLong(parts[5]));
  }
}
