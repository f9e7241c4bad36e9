package io.tailrace.generator;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.generator.engine.ErrorKind;
import io.tailrace.generator.engine.LoadRun;
import io.tailrace.generator.engine.Progress;
import io.tailrace.generator.engine.RunOptions;
import io.tailrace.generator.engine.SampleSink;
import io.tailrace.generator.plan.Plan;
import io.tailrace.generator.target.Behaviour;
import io.tailrace.generator.target.TargetServer;
import java.io.IOException;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(120)
class EngineIT {

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final TargetServer target = TargetServer.start(Behaviour.PROMPT);
  private final Ledger ledger = new Ledger();

  @AfterEach
  void stop() {
    target.close();
  }

  @Test
  void everyArrivalIsSentOnceWhateverTheNumberOfLoops() {
    Progress progress = run(Plans.rate(target.url() + "/a", 500, "2s"), 3);
    assertThat(progress.due()).isEqualTo(1_000);
    assertThat(progress.finished()).isEqualTo(1_000);
    assertThat(progress.errors()).isZero();
    assertThat(ledger.requests("GET /a | 200 | null")).isEqualTo(1_000);
    assertThat(target.ledger().received("GET /a")).isEqualTo(1_000);
    assertThat(target.ledger().connections()).isLessThan(257);
  }

  @Test
  void playsScenariosByWeightAndCarriesValuesFromStepToStep() {
    Plan plan =
        Plans.of(
            """
            target: %s
            load: {rate: 300, duration: 1s}
            scenarios:
              - name: two steps
                weight: 2
                steps:
                  - get: /first?bytes=7
                    extract: {size: {header: content-length}}
                  - post: /second/{{size}}
                    json: {id: "{{uuid}}", n: "{{random(1,9)}}"}
                    check: {status: 201, body: ok}
                    query: {status: "201"}
              - name: fails
                steps:
                  - get: /bad?status=404
                  - get: /never
              - name: expected
                steps:
                  - get: /gone?status=410
                    check: {status: [200, 410]}
            """
                .formatted(target.url()));
    run(plan, 1);
    long first = ledger.requests("two steps | GET /first | 200 | null");
    assertThat(first).isBetween(110L, 190L);
    assertThat(ledger.requests("two steps | POST /second/{size} | 201 | null")).isEqualTo(first);
    assertThat(target.ledger().received("POST /second/7")).isEqualTo(first);
    assertThat(ledger.requests("GET /bad | 404 | HTTP 404")).isPositive();
    assertThat(target.ledger().received("GET /never")).isZero();
    assertThat(ledger.requests("GET /gone | 410 | null")).isPositive();
    assertThat(ledger.requests()).isEqualTo(300 + first);
  }

  @Test
  void namesEachKindOfError() throws Exception {
    String base = target.url();
    assertThat(errors(base + "/?hang=100", "timeout: 300ms")).containsOnlyKeys(ErrorKind.TIMEOUT);
    assertThat(errors(base + "/?reset=100", "timeout: 10s")).containsOnlyKeys(ErrorKind.RESET);
    assertThat(errors(base + "/?endless=true", "max_body: 256kb"))
        .containsOnlyKeys(ErrorKind.BODY_TOO_LARGE);
    assertThat(errors(base + "/?errors=100&error-status=503", "timeout: 10s"))
        .containsOnlyKeys("HTTP 503");
    assertThat(errors(base.replace("http:", "https:"), "timeout: 10s"))
        .containsOnlyKeys(ErrorKind.TLS);
    assertThat(errors("http://127.0.0.1:" + closedPort(), "timeout: 10s"))
        .containsOnlyKeys(ErrorKind.REFUSED);
    assertThat(errors("http://no-such-host.invalid/", "timeout: 10s"))
        .containsOnlyKeys(ErrorKind.DNS);
    try (RawServer garbage = new RawServer("this is not HTTP at all\r\n\r\n")) {
      assertThat(errors(garbage.url(), "timeout: 10s")).containsOnlyKeys(ErrorKind.PROTOCOL);
    }
    String endless = "HTTP/1.1 200 OK\r\nX-Endless: " + "a".repeat(1 << 20);
    try (RawServer header = new RawServer(endless)) {
      assertThat(errors(header.url(), "timeout: 10s")).containsOnlyKeys(ErrorKind.PROTOCOL);
    }
    try (RawServer half = new RawServer("HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf")) {
      assertThat(errors(half.url(), "timeout: 10s")).containsOnlyKeys(ErrorKind.RESET);
    }
  }

  @Test
  void opensAConnectionForEveryRequestWhenNoneIsToBeKept() {
    assertThat(errors(target.url() + "/", "keep_alive: false")).isEmpty();
    assertThat(target.ledger().received()).isEqualTo(10);
    assertThat(target.ledger().connections()).isEqualTo(10);
  }

  @Test
  void sendsOnConnectionsThatWereOpenBefore() {
    AtomicLong connecting = new AtomicLong();
    SampleSink connects =
        (step, status, error) ->
            (end, latency, delay, firstByte, connect, sent, received) -> {
              if (connect != 0) {
                connecting.incrementAndGet();
              }
            };
    Plan plan =
        Plans.of(
            """
            target: %s/?latency=50ms
            load: {rate: 200, duration: 1s}
            http: {connections: 64, open_ahead: 50}
            """
                .formatted(target.url()));
    try (LoadRun run = LoadRun.prepare(plan, RunOptions.alone().onLoops(3), ledger.and(connects))) {
      run.begin();
      assertThat(run.await(PATIENCE)).isTrue();
      Progress progress = run.progress();
      assertThat(progress.errors()).isZero();
      assertThat(progress.connections()).isEqualTo(50);
    }
    assertThat(ledger.requests()).isEqualTo(200);
    assertThat(connecting).hasValue(0);
  }

  @Test
  void doesNotSendOnAConnectionThatWasClosedBeforeItsFirstRequest() throws Exception {
    String answer = "HTTP/1.1 200 OK\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    try (RawServer impatient = new RawServer(answer, 5)) {
      assertThat(errors(impatient.url(), "connections: 20, open_ahead: 5")).isEmpty();
      assertThat(impatient.closedAtOnce()).isEqualTo(5);
    }
  }

  @Test
  void opensNothingAheadOfALoadThatWasStopped() {
    Plan plan =
        Plans.of(
            """
            target: %s
            load: {rate: 200, duration: 10s}
            http: {open_ahead: 50}
            """
                .formatted(target.url()));
    try (LoadRun run = LoadRun.prepare(plan, RunOptions.alone(), ledger)) {
      run.begin(System.nanoTime() + TimeUnit.SECONDS.toNanos(3));
      run.stop();
      assertThat(run.await(PATIENCE)).isTrue();
      assertThat(run.progress().connections()).isZero();
    }
    assertThat(ledger.requests()).isZero();
  }

  @Test
  void goesOnWithoutWhatCannotBeOpenedAhead() throws Exception {
    assertThat(errors("http://127.0.0.1:" + closedPort(), "open_ahead: 5"))
        .containsOnlyKeys(ErrorKind.REFUSED);
  }

  @Test
  void keepsItsRateAndAccountsForEveryArrivalWhenTheTargetHangs() {
    Plan plan =
        Plans.of(
            """
            target: %s/?hang=100
            load: {rate: 200, duration: 2s}
            http: {timeout: 500ms, connections: 20, drain: 5s}
            """
                .formatted(target.url()));
    Progress progress = run(plan, 1);
    assertThat(progress.due()).isEqualTo(400);
    assertThat(progress.finished()).isEqualTo(400);
    assertThat(progress.errors()).isEqualTo(400);
    assertThat(ledger.requests(ErrorKind.TIMEOUT)).isEqualTo(progress.sent()).isGreaterThan(50);
    assertThat(ledger.requests(ErrorKind.OVERLOAD)).isEqualTo(400 - progress.sent()).isPositive();
    // What was turned away had waited: its response time says so.
    assertThat(progress.response().p99()).isGreaterThanOrEqualTo(499_000);
    assertThat(progress.fullPercent()).isGreaterThan(10);
  }

  @Test
  void stopsAtOnceAndDrains() throws Exception {
    Plan plan = Plans.rate(target.url() + "/?latency=200ms", 200, "1m");
    try (LoadRun run = LoadRun.prepare(plan, RunOptions.alone(), ledger)) {
      run.begin();
      assertThat(run.await(Duration.ofSeconds(1))).isFalse();
      run.stop();
      long asked = System.nanoTime();
      assertThat(run.await(PATIENCE)).isTrue();
      assertThat(Duration.ofNanos(System.nanoTime() - asked)).isLessThan(Duration.ofSeconds(5));
      Progress progress = run.progress();
      assertThat(progress.finished()).isEqualTo(progress.due()).isEqualTo(ledger.requests());
      assertThat(progress.due()).isLessThan(600);
      assertThat(target.ledger().received()).isEqualTo(progress.sent());
    }
  }

  @Test
  void usersWaitForTheirAnswersAndThink() {
    Plan plan =
        Plans.of(
            """
            target: %s/?latency=50ms
            load: {users: 10, think_time: 50ms, duration: 2s}
            """
                .formatted(target.url()));
    Progress progress = run(plan, 2);
    // Ten users with a turn of 100 ms at least make 200 requests in two seconds at most.
    assertThat(progress.finished()).isBetween(60L, 200L).isEqualTo(target.ledger().received());
    assertThat(progress.errors()).isZero();
    assertThat(progress.inFlight()).isZero();
  }

  private Progress run(Plan plan, int loops) {
    try (LoadRun run = LoadRun.prepare(plan, RunOptions.alone().onLoops(loops), ledger)) {
      run.begin();
      assertThat(run.await(PATIENCE)).isTrue();
      return run.progress();
    }
  }

  private Map<String, Long> errors(String url, String setting) {
    Plan plan =
        Plans.of(
            """
            target: "%s"
            load: {rate: 20, duration: 500ms}
            http: {%s}
            """
                .formatted(url, setting));
    Progress progress = run(plan, 1);
    assertThat(progress.finished()).isEqualTo(10);
    return progress.errorsByKind();
  }

  private static int closedPort() throws IOException {
    try (ServerSocket probe = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return probe.getLocalPort();
    }
  }

  /** Answers every connection with the same bytes and closes it. */
  private static final class RawServer implements AutoCloseable {
    private final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    private final AtomicBoolean closed = new AtomicBoolean();
    private final AtomicInteger closedAtOnce = new AtomicInteger();
    private final int impatience;
    private final Thread thread;

    RawServer(String answer) throws IOException {
      this(answer, 0);
    }

    /** Closes so many connections before they bring anything. */
    RawServer(String answer, int impatience) throws IOException {
      this.impatience = impatience;
      byte[] bytes = answer.getBytes(StandardCharsets.US_ASCII);
      thread = new Thread(() -> serve(bytes), "raw-server");
      thread.setDaemon(true);
      thread.start();
    }

    String url() {
      return "http://127.0.0.1:" + socket.getLocalPort() + "/";
    }

    int closedAtOnce() {
      return closedAtOnce.get();
    }

    private void serve(byte[] answer) {
      while (!closed.get()) {
        try (Socket client = socket.accept();
            OutputStream out = client.getOutputStream()) {
          if (closedAtOnce.get() < impatience) {
            closedAtOnce.incrementAndGet();
            continue;
          }
          // The request first, or closing would discard the answer.
          int read = client.getInputStream().read(new byte[4_096]);
          if (read > 0) {
            out.write(answer);
          }
        } catch (IOException e) {
          // This client is done with, or the server closed.
        }
      }
    }

    @Override
    public void close() throws IOException {
      closed.set(true);
      socket.close();
    }
  }
}
