package io.tailrace.sink.contract;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A proxy on loopback for which every name leads to one port of this machine; it may want a name
 * and a password.
 */
public final class StubProxy implements AutoCloseable {
  /** The first line of each request and what it was let through with. */
  public record Asked(String line, String authorization) {}

  private final ServerSocket server = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
  private final int behind;
  private final String wanted;
  private final List<Asked> asked = new CopyOnWriteArrayList<>();

  public StubProxy(int behind, String wanted) throws IOException {
    this.behind = behind;
    this.wanted = wanted;
    run(this::accept);
  }

  public URI url() {
    return URI.create("http://127.0.0.1:" + server.getLocalPort());
  }

  public List<Asked> asked() {
    return asked;
  }

  private static void run(Runnable task) {
    Thread thread = new Thread(task, "stub-proxy");
    thread.setDaemon(true);
    thread.start();
  }

  private void accept() {
    try {
      while (!server.isClosed()) {
        Socket client = server.accept();
        run(() -> serve(client));
      }
    } catch (IOException e) {
      // Closed.
    }
  }

  private void serve(Socket client) {
    try (client;
        Socket target = new Socket()) {
      List<String> head = head(client.getInputStream());
      String authorization =
          head.stream()
              .filter(line -> line.toLowerCase(Locale.ROOT).startsWith("proxy-authorization: "))
              .map(line -> line.substring("proxy-authorization: ".length()))
              .findFirst()
              .orElse("");
      asked.add(new Asked(head.get(0), authorization));
      if (!authorization.equals(wanted)) {
        client
            .getOutputStream()
            .write(ascii("HTTP/1.1 407 Log In\r\nContent-Length: 0\r\nConnection: close\r\n\r\n"));
        return;
      }
      target.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), behind));
      String[] line = head.get(0).split(" ", -1);
      if (line[0].equals("CONNECT")) {
        client.getOutputStream().write(ascii("HTTP/1.1 200 OK\r\n\r\n"));
      } else {
        // What was meant for the proxy ends here.
        head.removeIf(each -> each.toLowerCase(Locale.ROOT).startsWith("proxy-"));
        head.set(0, line[0] + " " + URI.create(line[1]).getRawPath() + " " + line[2]);
        head.add(1, "Connection: close");
        target.getOutputStream().write(ascii(String.join("\r\n", head) + "\r\n\r\n"));
      }
      run(() -> copy(client, target));
      copy(target, client);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends with the side that is read from. */
  private static void copy(Socket from, Socket to) {
    try {
      from.getInputStream().transferTo(to.getOutputStream());
      to.shutdownOutput();
    } catch (IOException e) {
      // The other side has gone.
    }
  }

  private static List<String> head(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    while (!head.toString(StandardCharsets.US_ASCII).endsWith("\r\n\r\n")) {
      int next = in.read();
      if (next < 0) {
        throw new IOException("the client went away");
      }
      head.write(next);
    }
    return new CopyOnWriteArrayList<>(
        head.toString(StandardCharsets.US_ASCII).strip().split("\r\n", -1));
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    server.close();
  }
}
