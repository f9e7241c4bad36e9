package io.tailrace.sink.contract;

import java.io.BufferedInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.zip.GZIPInputStream;
import org.jspecify.annotations.Nullable;

/**
 * An HTTP target on loopback that behaves as its vendor does, refuses what the vendor was not
 * taught, and fails in every way a network can. One thread per connection.
 */
public final class StubTarget implements AutoCloseable {
  /** What the vendor does with a request: stores it, or answers its own error. */
  @FunctionalInterface
  public interface Vendor {
    Answer answer(Request request) throws IOException;
  }

  /**
   * A request as it came; header names are in lower case.
   *
   * @param body unpacked
   * @param packed the body as it was sent, for vendors that check a signature of it
   */
  @SuppressWarnings("ArrayRecordComponent") // Read, never compared.
  public record Request(
      String method,
      String path,
      String query,
      Map<String, String> headers,
      byte[] body,
      byte[] packed) {
    public String text() {
      return new String(body, StandardCharsets.UTF_8);
    }

    public String header(String name) {
      return headers.getOrDefault(name.toLowerCase(Locale.ROOT), "");
    }

    public boolean is(String expectedMethod, String expectedPath) {
      return method.equals(expectedMethod) && path.equals(expectedPath);
    }
  }

  /**
   * What the vendor answers.
   *
   * @param stranger the request is none that was taught: a test that made it fails
   */
  @SuppressWarnings("ArrayRecordComponent") // Written, never compared.
  public record Answer(int status, Map<String, String> headers, byte[] body, boolean stranger) {
    public static Answer of(int status, String body) {
      return new Answer(status, Map.of(), utf8(body), false);
    }

    public static Answer json(int status, String body) {
      return new Answer(status, Map.of("Content-Type", "application/json"), utf8(body), false);
    }

    public static Answer bytes(int status, byte[] body) {
      return new Answer(status, Map.of(), body, false);
    }

    /** The vendor's own error for a request that nobody taught it. */
    public static Answer untaught(int status, String body) {
      return of(status, body).asUntaught();
    }

    public Answer asUntaught() {
      return new Answer(status, headers, body, true);
    }

    private static byte[] utf8(String text) {
      return text.getBytes(StandardCharsets.UTF_8);
    }

    public Answer withHeader(String name, String value) {
      Map<String, String> more = new LinkedHashMap<>(headers);
      more.put(name, value);
      return new Answer(status, more, body, stranger);
    }
  }

  /** A way to fail. */
  public enum Fault {
    /** 503 without a word. */
    UNAVAILABLE,
    /** 429 with a Retry-After of two seconds. */
    THROTTLED,
    /** No answer until the connection is given up. */
    HANG,
    /** The connection is reset in the middle of an answer. */
    RESET,
    /** What comes back is not HTTP. */
    GARBAGE,
    /** The request is done, and its answer is lost. */
    ANSWER_LOST,
    /** 401 with the vendor's manners. */
    UNAUTHORIZED,
    /** 400, its text the request as it came, headers and all. */
    ECHO,
    /** A byte of the answer comes every tenth of a second, without an end. */
    DRIP
  }

  private final ServerSocket server;
  private final Vendor vendor;
  private final Deque<Fault> faults = new ArrayDeque<>();
  private final List<Request> requests = new ArrayList<>();
  private final List<Request> strangers = new ArrayList<>();
  private final Set<Socket> connections = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);
  private @Nullable Fault always;

  private StubTarget(ServerSocket server, Vendor vendor) {
    this.server = server;
    this.vendor = vendor;
  }

  public static StubTarget start(Vendor vendor) {
    return startAt(0, vendor);
  }

  /** At a port where a target was before, or 0 for any. */
  public static StubTarget startAt(int port, Vendor vendor) {
    try {
      ServerSocket server = new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
      StubTarget target = new StubTarget(server, vendor);
      start("stub-target", target::accept);
      return target;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + port());
  }

  public int port() {
    return server.getLocalPort();
  }

  /** The next requests fail in these ways, one each; those after them do not. */
  public synchronized void failNext(Fault... ways) {
    faults.addAll(List.of(ways));
  }

  /** Every request fails so until {@link #heal}. */
  public synchronized void failAlways(Fault way) {
    always = way;
  }

  public synchronized void heal() {
    always = null;
    faults.clear();
  }

  /** Everything that came, also what failed. */
  public synchronized List<Request> requests() {
    return List.copyOf(requests);
  }

  /** What came and was never taught. */
  public synchronized List<Request> strangers() {
    return List.copyOf(strangers);
  }

  @Override
  public void close() {
    closing.countDown();
    quietly(server);
    connections.forEach(StubTarget::quietly);
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket connection = server.accept();
        // Otherwise every answer waits for its head to be acknowledged, for 40 ms.
        connection.setTcpNoDelay(true);
        connections.add(connection);
        start("stub-connection", () -> serve(connection));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket connection) {
    try (connection) {
      InputStream in = new BufferedInputStream(connection.getInputStream());
      for (Request request = read(in); request != null; request = read(in)) {
        if (!answer(request, connection)) {
          return;
        }
      }
    } catch (IOException e) {
      // The client went away, as it may.
    } finally {
      connections.remove(connection);
    }
  }

  private boolean answer(Request request, Socket connection) throws IOException {
    Fault fault = nextFault(request);
    OutputStream out = connection.getOutputStream();
    if (fault == null) {
      write(out, vendorAnswer(request));
      return true;
    }
    switch (fault) {
      case UNAVAILABLE -> write(out, Answer.of(503, ""));
      case THROTTLED -> write(out, Answer.of(429, "slow down").withHeader("Retry-After", "2"));
      case UNAUTHORIZED -> write(out, Answer.of(401, "who are you?"));
      case ECHO ->
          write(
              out,
              Answer.of(
                  400,
                  request.headers()
                      + " "
                      + request.path()
                      + "?"
                      + request.query()
                      + request.text()));
      case HANG -> {
        try {
          closing.await();
        } catch (InterruptedException e) {
          Thread.currentThread().interrupt();
        }
        return false;
      }
      case RESET -> {
        out.write(
            "HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\nhalf".getBytes(StandardCharsets.UTF_8));
        out.flush();
        connection.setSoLinger(true, 0);
        return false;
      }
      case GARBAGE -> {
        out.write("\u0000\u0001 no such protocol\r\n\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        out.flush();
        return false;
      }
      case DRIP -> {
        out.write("HTTP/1.1 200 OK\r\n\r\n".getBytes(StandardCharsets.UTF_8));
        drip(out);
        return false;
      }
      case ANSWER_LOST -> {
        Answer unused = vendorAnswer(request);
        return false;
      }
    }
    return true;
  }

  private void drip(OutputStream out) throws IOException {
    try {
      do {
        out.write('x');
        out.flush();
      } while (!closing.await(100, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private synchronized @Nullable Fault nextFault(Request request) {
    requests.add(request);
    return faults.isEmpty() ? always : faults.remove();
  }

  private Answer vendorAnswer(Request request) throws IOException {
    Answer answer = vendor.answer(request);
    if (answer.stranger()) {
      synchronized (this) {
        strangers.add(request);
      }
    }
    return answer;
  }

  private static void write(OutputStream out, Answer answer) throws IOException {
    byte[] body = answer.body();
    StringBuilder head = new StringBuilder("HTTP/1.1 " + answer.status() + " Stub\r\n");
    answer.headers().forEach((name, value) -> head.append(name + ": " + value + "\r\n"));
    if (answer.status() != 204) {
      head.append("Content-Length: ").append(body.length).append("\r\n");
    }
    out.write(head.append("\r\n").toString().getBytes(StandardCharsets.UTF_8));
    if (answer.status() != 204) {
      out.write(body);
    }
    out.flush();
  }

  private static @Nullable Request read(InputStream in) throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    String[] parts = first.split(" ", 3);
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(
          line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 1).strip());
    }
    byte[] packed = body(in, headers);
    byte[] body = packed;
    if (headers.getOrDefault("content-encoding", "").equals("gzip")) {
      body = new GZIPInputStream(new ByteArrayInputStream(packed)).readAllBytes();
    }
    URI uri = URI.create(parts[1]);
    String query = uri.getRawQuery() == null ? "" : uri.getRawQuery();
    return new Request(parts[0], uri.getRawPath(), query, headers, body, packed);
  }

  private static byte[] body(InputStream in, Map<String, String> headers) throws IOException {
    if (headers.getOrDefault("transfer-encoding", "").equals("chunked")) {
      ByteArrayOutputStream body = new ByteArrayOutputStream();
      while (true) {
        String size = line(in);
        int length = size == null ? 0 : Integer.parseInt(size.split(";", 2)[0].strip(), 16);
        body.write(exactly(in, length));
        String unused = line(in);
        if (length == 0) {
          return body.toByteArray();
        }
      }
    }
    return exactly(in, Integer.parseInt(headers.getOrDefault("content-length", "0")));
  }

  private static byte[] exactly(InputStream in, int length) throws IOException {
    byte[] bytes = in.readNBytes(length);
    if (bytes.length < length) {
      throw new EOFException();
    }
    return bytes;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int c = in.read(); c != '\n'; c = in.read()) {
      if (c < 0) {
        return null;
      }
      line.write(c);
    }
    return line.toString(StandardCharsets.UTF_8).stripTrailing();
  }

  private static void start(String name, Runnable work) {
    Thread thread = new Thread(work, name);
    thread.setDaemon(true);
    thread.start();
  }

  private static void quietly(AutoCloseable closing) {
    try {
      closing.close();
    } catch (Exception e) {
      // It is going away in any case.
    }
  }
}
