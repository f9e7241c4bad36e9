package io.tailrace.generator.plan;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One request of a scenario, with what is expected of its answer. */
public final class Step {

  /** A name and what it is set to: a header, or a piece of the query. */
  record Pair(String name, Template value) {}

  private final String name;
  private final String method;
  private final String scenario;
  private final Map<String, String> tags;
  private final Template path;
  private final List<Pair> query;
  private final List<Pair> headers;
  private final @Nullable Template body;
  private final StatusRule statuses;
  private final List<Check> checks;
  private final List<Extraction> extractions;
  private final long timeoutNanos;
  private final long pauseNanos;
  private final boolean readsBody;
  private final byte @Nullable [] constantBody;
  private final @Nullable String constantAddress;

  Step(
      String name,
      String method,
      String scenario,
      Map<String, String> tags,
      Template path,
      List<Pair> query,
      List<Pair> headers,
      @Nullable Template body,
      StatusRule statuses,
      List<Check> checks,
      List<Extraction> extractions,
      long timeoutNanos,
      long pauseNanos) {
    this.name = name;
    this.method = method;
    this.scenario = scenario;
    this.tags = Map.copyOf(tags);
    this.path = path;
    this.query = List.copyOf(query);
    this.headers = List.copyOf(headers);
    this.body = body;
    this.statuses = statuses;
    this.checks = List.copyOf(checks);
    this.extractions = List.copyOf(extractions);
    this.timeoutNanos = timeoutNanos;
    this.pauseNanos = pauseNanos;
    this.readsBody =
        checks.stream().anyMatch(Check::readsBody)
            || extractions.stream().anyMatch(extraction -> extraction.source().readsBody());
    Session nobody = new Session(0, 0, 0, () -> 0);
    this.constantBody =
        body != null && body.isConstant()
            ? body.render(nobody).getBytes(StandardCharsets.UTF_8)
            : null;
    boolean constant = path.isConstant() && query.stream().allMatch(p -> p.value().isConstant());
    this.constantAddress = constant ? renderAddress(nobody) : null;
  }

  /** The request's name: a template, never an address with ids in it. */
  public String name() {
    return name;
  }

  public String method() {
    return method;
  }

  public String scenario() {
    return scenario;
  }

  public Map<String, String> tags() {
    return tags;
  }

  public long timeoutNanos() {
    return timeoutNanos;
  }

  /** How long the session waits after this step before it goes on. */
  public long pauseNanos() {
    return pauseNanos;
  }

  /** Whether the answer's body must be kept; otherwise it is counted and forgotten. */
  public boolean readsBody() {
    return readsBody;
  }

  /** Whether the answer is looked at beyond its status. */
  public boolean judgesAnswer() {
    return !checks.isEmpty() || !extractions.isEmpty();
  }

  boolean extracts() {
    return !extractions.isEmpty();
  }

  /** Path and query. */
  public String address(Session session) {
    String constant = constantAddress;
    return constant != null ? constant : renderAddress(session);
  }

  private String renderAddress(Session session) {
    String rendered = path.renderForAddress(session);
    if (query.isEmpty()) {
      return rendered;
    }
    StringBuilder address = new StringBuilder(rendered);
    char separator = rendered.indexOf('?') < 0 ? '?' : '&';
    for (Pair pair : query) {
      address
          .append(separator)
          .append(Template.escaped(pair.name()))
          .append('=')
          .append(Template.escaped(pair.value().render(session)));
      separator = '&';
    }
    return address.toString();
  }

  /** Gives every header to the consumer. */
  public void headers(Session session, HeaderConsumer consumer) {
    for (Pair header : headers) {
      consumer.header(header.name(), header.value().render(session));
    }
  }

  /** Takes a request's headers. */
  public interface HeaderConsumer {
    void header(String name, String value);
  }

  public byte @Nullable [] body(Session session) {
    if (body == null || constantBody != null) {
      return constantBody;
    }
    return body.render(session).getBytes(StandardCharsets.UTF_8);
  }

  public boolean acceptsStatus(int status) {
    return statuses.accepts(status);
  }

  /** Checks an answer and takes values out of it; the kind of error, or null when all is well. */
  public @Nullable String judge(Answer answer, Session session) {
    for (Check check : checks) {
      if (!check.holds(answer)) {
        return check.error();
      }
    }
    for (Extraction extraction : extractions) {
      if (!extraction.apply(answer, session)) {
        return "extract: " + extraction.name();
      }
    }
    return null;
  }

  @Override
  public String toString() {
    return scenario + ": " + name;
  }
}
