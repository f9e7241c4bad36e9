package io.tailrace.sink.core.http;

import io.tailrace.config.Secret;
import java.net.URI;
import java.util.Optional;

/**
 * What a sink's requests go through: encrypted ones by CONNECT, others as they are.
 *
 * @param url its address, by http alone
 */
public record HttpProxy(URI url, Optional<String> username, Optional<Secret> password) {
  private static final int USUAL_PORT = 3128;

  public String host() {
    return HttpTarget.plainHost(url);
  }

  public int port() {
    return url.getPort() > 0 ? url.getPort() : USUAL_PORT;
  }
}
