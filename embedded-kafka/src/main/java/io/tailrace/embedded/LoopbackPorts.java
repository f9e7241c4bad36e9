package io.tailrace.embedded;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.UnknownHostException;

/** The two loopback ports a broker listens on: for clients, and for its own controller. */
record LoopbackPorts(int clients, int controller) {
  static final String HOST = "127.0.0.1";
  private static final byte[] LOOPBACK = {127, 0, 0, 1};

  static InetAddress address() {
    try {
      return InetAddress.getByAddress(LOOPBACK);
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** Picks ports that are free now; a client port of 0 means any. */
  static LoopbackPorts choose(int clientPort) {
    // Both are held until both are known, so that one is not handed out twice.
    try (ServerSocket clients = bind(clientPort);
        ServerSocket controller = bind(0)) {
      return new LoopbackPorts(clients.getLocalPort(), controller.getLocalPort());
    } catch (IOException e) {
      throw new EmbeddedKafkaException(
          clientPort == 0
              ? "no free port on " + HOST + ": " + e.getMessage()
              : "port %d on %s is taken: stop what listens there, or choose another port (0 takes any free one)"
                  .formatted(clientPort, HOST),
          e);
    }
  }

  private static ServerSocket bind(int port) throws IOException {
    ServerSocket socket = new ServerSocket();
    try {
      // As the broker binds: a connection of an earlier life in TIME_WAIT is no obstacle.
      socket.setReuseAddress(true);
      socket.bind(new InetSocketAddress(address(), port), 1);
      return socket;
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }
}
