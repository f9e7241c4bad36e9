package io.tailrace.generator.engine;

import io.netty.channel.ConnectTimeoutException;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.net.BindException;
import java.net.ConnectException;
import java.net.NoRouteToHostException;
import java.net.SocketException;
import java.net.UnknownHostException;
import java.nio.channels.ClosedChannelException;
import java.security.cert.CertificateException;
import java.util.Locale;
import javax.net.ssl.SSLException;

/** Why a request got no acceptable answer: a few words that repeat, by which errors are counted. */
public final class ErrorKind {

  public static final String REFUSED = "connection refused";
  public static final String CONNECT_TIMEOUT = "connect timeout";
  public static final String TIMEOUT = "timeout";
  public static final String RESET = "connection reset";
  public static final String TLS = "tls";
  public static final String PROTOCOL = "protocol";
  public static final String BODY_TOO_LARGE = "body too large";
  public static final String DNS = "dns";

  /** No connection was free, within the bound, for as long as the request would have waited. */
  public static final String OVERLOAD = "overload";

  /** The bodies under way that have to be read would take too much of the heap. */
  public static final String NO_MEMORY = "no memory";

  /** The operating system gave no socket: no file descriptor or no port was left. */
  public static final String NO_SOCKET = "no socket";

  /** Cut off, because the run was over or stopped and would wait no longer. */
  public static final String UNFINISHED = "unfinished";

  static final String OTHER = "failed";

  private static final int MAX_DEPTH = 8;

  private ErrorKind() {}

  static String ofStatus(int status) {
    return "HTTP " + status;
  }

  static String of(Throwable failure) {
    Throwable cause = failure;
    for (int depth = 0; cause != null && depth < MAX_DEPTH; depth++) {
      String kind = ofOne(cause);
      if (!kind.equals(OTHER)) {
        return kind;
      }
      cause = cause.getCause();
    }
    return OTHER;
  }

  private static String ofOne(Throwable failure) {
    String message = String.valueOf(failure.getMessage()).toLowerCase(Locale.ROOT);
    if (failure instanceof SSLException || failure instanceof CertificateException) {
      return TLS;
    }
    if (failure instanceof BindException
        || message.contains("too many open files")
        || message.contains("cannot assign requested address")) {
      return NO_SOCKET;
    }
    if (failure instanceof ConnectTimeoutException) {
      return CONNECT_TIMEOUT;
    }
    if (failure instanceof UnknownHostException) {
      return DNS;
    }
    if (failure instanceof ConnectException || failure instanceof NoRouteToHostException) {
      return message.contains("timed out") ? CONNECT_TIMEOUT : REFUSED;
    }
    if (failure instanceof TooLongHttpHeaderException
        || failure instanceof TooLongHttpLineException
        || (failure instanceof DecoderException && failure.getCause() == null)
        || failure instanceof IllegalArgumentException
        || failure instanceof UnsupportedOperationException) {
      return PROTOCOL;
    }
    if (failure instanceof io.vertx.core.http.HttpClosedException
        || failure instanceof io.vertx.core.http.StreamResetException
        || failure instanceof ClosedChannelException
        || failure instanceof SocketException
        || message.contains("reset")
        || message.contains("closed")
        || message.contains("broken pipe")) {
      return RESET;
    }
    return OTHER;
  }
}
