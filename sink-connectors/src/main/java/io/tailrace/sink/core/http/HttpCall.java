package io.tailrace.sink.core.http;

import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.Map;

/** One request, relative to its target. */
public final class HttpCall {
  private static final byte[] NO_BODY = new byte[0];

  private final String method;
  private final String path;
  private final Map<String, String> headers;
  private final byte[] body;

  private HttpCall(String method, String path, Map<String, String> headers, byte[] body) {
    this.method = method;
    this.path = path;
    this.headers = headers;
    this.body = body;
  }

  /**
   * A request without a body yet.
   *
   * @param path what is added to the target's own path: empty, or from a slash on, encoded already
   */
  public static HttpCall of(String method, String path) {
    return new HttpCall(method, path, Map.of(), NO_BODY);
  }

  public static HttpCall get(String path) {
    return of("GET", path);
  }

  public static HttpCall post(String path, String contentType, byte[] body) {
    return of("POST", path).withBody(contentType, body);
  }

  public static HttpCall post(String path, String contentType, String body) {
    return post(path, contentType, body.getBytes(StandardCharsets.UTF_8));
  }

  public static HttpCall put(String path, String contentType, byte[] body) {
    return of("PUT", path).withBody(contentType, body);
  }

  /** The array must not be changed afterwards. */
  public HttpCall withBody(String contentType, byte[] newBody) {
    return new HttpCall(method, path, headers, newBody).withHeader("Content-Type", contentType);
  }

  public HttpCall withHeader(String name, String value) {
    Map<String, String> more = new LinkedHashMap<>(headers);
    more.put(name, value);
    return new HttpCall(method, path, more, body);
  }

  /** Adds a parameter to the query, encoding both. */
  public HttpCall withQuery(String name, String value) {
    String pair = encoded(name) + "=" + encoded(value);
    String separator = path.indexOf('?') < 0 ? "?" : "&";
    return new HttpCall(method, path + separator + pair, headers, body);
  }

  /** One segment of a path, or a part of a query, with everything special in it encoded. */
  public static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  String method() {
    return method;
  }

  String path() {
    return path;
  }

  Map<String, String> headers() {
    return headers;
  }

  byte[] body() {
    return body;
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
