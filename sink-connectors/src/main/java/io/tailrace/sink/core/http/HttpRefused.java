package io.tailrace.sink.core.http;

import java.io.IOException;

/** The address is none that a sink may talk to; a person has to change the configuration. */
public final class HttpRefused extends IOException {
  private static final long serialVersionUID = 1L;

  HttpRefused(String message) {
    super(message);
  }
}
