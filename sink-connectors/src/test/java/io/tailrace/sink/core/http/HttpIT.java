package io.tailrace.sink.core.http;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.tailrace.config.Secret;
import io.tailrace.objective.Glob;
import io.tailrace.sink.contract.StubProxy;
import io.tailrace.sink.contract.StubTarget;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Fault;
import io.tailrace.sink.contract.StubTarget.Request;
import io.tailrace.sink.core.Delivery;
import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(30)
class HttpIT {
  private static final HttpConfig IMPATIENT =
      HttpConfig.DEFAULT.withTimeout(Duration.ofMillis(700));

  private final StubTarget stub = StubTarget.start(HttpIT::answer);
  private final Http http = Http.open(IMPATIENT, NetworkRules.DEFAULT);

  @AfterEach
  void close() {
    http.close();
    stub.close();
  }

  @Test
  void sendsAndReads() throws Exception {
    HttpTarget target =
        http.target(URI.create(stub.url() + "/prefix/")).withBasic("u", Secret.of("p"));
    HttpAnswer answer =
        target.send(
            HttpCall.post("/echo", "text/plain", "x".repeat(5_000)).withQuery("a b", "c&d/é"));

    assertThat(answer.status()).isEqualTo(200);
    assertThat(answer.text()).hasSize(5_000);
    Request request = stub.requests().get(0);
    assertThat(request.path()).isEqualTo("/prefix/echo");
    assertThat(request.query()).isEqualTo("a%20b=c%26d%2F%C3%A9");
    assertThat(request.header("content-encoding")).isEqualTo("gzip");
    assertThat(request.header("authorization")).isEqualTo("Basic dTpw");
    assertThat(target.send(HttpCall.get("/nothing")).status()).isEqualTo(204);
    assertThat(target.withGzip(false).send(HttpCall.post("/echo", "text/plain", "y")).text())
        .isEqualTo("y");
  }

  @ParameterizedTest
  @EnumSource(
      value = Fault.class,
      names = {"HANG", "RESET", "GARBAGE", "ANSWER_LOST"})
  void anAnswerThatDoesNotComeIsAFailureInTime(Fault fault) throws Exception {
    stub.failNext(fault);
    HttpTarget target = http.target(stub.url());
    long begin = System.nanoTime();
    assertThatThrownBy(() -> target.send(HttpCall.post("/echo", "text/plain", "x")))
        .isInstanceOfSatisfying(HttpFailure.class, e -> assertThat(e.isMaybeReceived()).isTrue())
        .hasMessageContaining("127.0.0.1");
    assertThat(Duration.ofNanos(System.nanoTime() - begin)).isLessThan(Duration.ofSeconds(3));
    assertThat(target.send(HttpCall.post("/echo", "text/plain", "x")).text()).isEqualTo("x");
  }

  @Test
  void anAnswerThatDripsEndsAtTheDeadline() {
    stub.failNext(Fault.DRIP);
    HttpTarget target = http.target(stub.url());
    assertThatThrownBy(() -> target.send(HttpCall.get("/nothing")))
        .isInstanceOf(HttpFailure.class)
        .hasMessageFindingMatch("within 700 ms|beyond the deadline");
  }

  @Test
  void aTargetThatIsDownHasReceivedNothing() {
    StubTarget gone = StubTarget.start(HttpIT::answer);
    URI url = gone.url();
    gone.close();
    assertThatThrownBy(() -> http.target(url).send(HttpCall.get("/")))
        .isInstanceOfSatisfying(HttpFailure.class, e -> assertThat(e.isMaybeReceived()).isFalse());
    assertThatThrownBy(
            () -> http.target(URI.create("http://no.such.host.invalid")).send(HttpCall.get("/")))
        .isInstanceOf(HttpFailure.class)
        .hasMessageContaining("no.such.host.invalid");
  }

  @Test
  void anAnswerIsCapped() throws Exception {
    HttpConfig small =
        new HttpConfig(
            Duration.ofSeconds(5),
            true,
            2,
            true,
            Duration.ofSeconds(5),
            1_000,
            IMPATIENT.certificates(),
            IMPATIENT.proxy());
    try (Http capped = Http.open(small, NetworkRules.DEFAULT)) {
      assertThatThrownBy(
              () ->
                  capped
                      .target(stub.url())
                      .send(HttpCall.post("/echo", "text/plain", "x".repeat(5_000))))
          .isInstanceOf(HttpFailure.class)
          .hasMessageContaining("larger than 1000 bytes");
    }
  }

  @Test
  void aProxyIsUsedWhereOneIsConfigured() throws Exception {
    URI somewhere = URI.create("http://metrics.somewhere.invalid/prefix");
    try (StubProxy proxy = new StubProxy(stub.url().getPort(), "Basic dTpw")) {
      HttpProxy knows = new HttpProxy(proxy.url(), Optional.of("u"), Optional.of(Secret.of("p")));
      try (Http through = Http.open(IMPATIENT.withProxy(knows), NetworkRules.DEFAULT)) {
        HttpTarget target = through.target(somewhere);
        assertThat(target.send(HttpCall.post("/echo", "text/plain", "x")).text()).isEqualTo("x");
        assertThat(proxy.asked().get(0).line())
            .isEqualTo("POST http://metrics.somewhere.invalid/prefix/echo HTTP/1.1");
        assertThat(stub.requests().get(0).header("proxy-authorization")).isEmpty();

        // What a template made is let through by name alone, and no metadata service by any.
        for (URI refused :
            List.of(
                URI.create("http://metadata.google.internal"), URI.create("http://0xA9FEA9FE"))) {
          assertThatThrownBy(() -> through.target(refused).send(HttpCall.get("/")))
              .isInstanceOf(HttpRefused.class)
              .hasMessageContaining("metadata");
        }
        assertThatThrownBy(() -> through.renderedTarget(somewhere).send(HttpCall.get("/")))
            .isInstanceOf(HttpRefused.class)
            .hasMessageContaining("allowed_hosts");
      }
      HttpProxy stranger = new HttpProxy(proxy.url(), Optional.empty(), Optional.empty());
      NetworkRules named = new NetworkRules(List.of(Glob.of("*.somewhere.invalid")));
      try (Http through = Http.open(IMPATIENT.withProxy(stranger), named)) {
        HttpAnswer answer = through.renderedTarget(somewhere).send(HttpCall.get("/nothing"));
        assertThat(answer.delivery(Instant.EPOCH)).isInstanceOf(Delivery.Misconfigured.class);
      }
    }
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    HttpAnswer answer = http.target(stub.url()).send(HttpCall.get("/moved"));
    assertThat(answer.status()).isEqualTo(302);
    assertThat(stub.requests()).hasSize(1);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "http://169.254.169.254",
        "http://2852039166",
        "http://0xA9FEA9FE",
        "http://0xa9.0xfe.0xa9.0xfe",
        "http://0251.0376.0251.0376",
        "http://169.254.43518",
        "http://[::ffff:169.254.169.254]",
        "http://[::169.254.169.254]",
        "http://[64:ff9b::a9fe:a9fe]",
        "http://[2002:a9fe:a9fe::1]",
        "http://[fe80::1]",
        "http://[fd00:ec2::254]",
        "http://100.100.100.200",
      })
  void theCloudsMetadataIsNeverReached(String url) {
    assertNotReached(() -> http.target(URI.create(url)));
    assertNotReached(() -> http.renderedTarget(URI.create(url)));
  }

  /** Some spellings are no host to Java, or none to this machine's resolver: nothing is reached. */
  private static void assertNotReached(Supplier<HttpTarget> target) {
    assertThatThrownBy(() -> target.get().send(HttpCall.get("/latest/meta-data/")))
        .satisfiesAnyOf(
            e -> assertThat(e).isInstanceOf(HttpRefused.class).hasMessageContaining("metadata"),
            e -> assertThat(e).hasMessageContaining("there is no host"),
            e -> assertThat(e).hasMessageContaining("names no host"));
  }

  @Test
  void aHostFromATemplateMustBeAllowedOrPublic() throws Exception {
    assertThatThrownBy(() -> http.renderedTarget(stub.url()).send(HttpCall.get("/nothing")))
        .isInstanceOf(HttpRefused.class)
        .hasMessageContaining("allowed_hosts");
    try (Http narrowed =
        Http.open(IMPATIENT, new NetworkRules(List.of(Glob.of("*.company.com"))))) {
      assertThatThrownBy(() -> narrowed.renderedTarget(stub.url()).send(HttpCall.get("/nothing")))
          .isInstanceOf(HttpRefused.class);
      assertThat(narrowed.target(stub.url()).send(HttpCall.get("/nothing")).status())
          .isEqualTo(204);
    }
    try (Http named = Http.open(IMPATIENT, new NetworkRules(List.of(Glob.of("127.0.0.1"))))) {
      assertThat(named.renderedTarget(stub.url()).send(HttpCall.get("/nothing")).status())
          .isEqualTo(204);
    }
  }

  private static Answer answer(Request request) throws IOException {
    return switch (request.path()) {
      case "/echo", "/prefix/echo" -> Answer.of(200, request.text());
      case "/nothing", "/prefix/nothing" -> Answer.of(204, "");
      case "/moved" -> Answer.of(302, "").withHeader("Location", "http://127.0.0.1:1/");
      default -> Answer.untaught(404, "no such path");
    };
  }
}
