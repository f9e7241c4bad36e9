package io.tailrace.generator.target;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpTimeoutException;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TargetServerIT {

  private final TargetServer target = TargetServer.start("127.0.0.1", 0, Behaviour.PROMPT, 2);
  private final HttpClient client =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  @AfterEach
  void stop() {
    target.close();
  }

  @Test
  void countsWhatItServedByPathAndStatus() throws Exception {
    for (int i = 0; i < 5; i++) {
      get("/a");
    }
    get("/b?status=404");
    assertThat(target.ledger().received("GET /a")).isEqualTo(5);
    assertThat(target.ledger().answered(404)).isEqualTo(1);
    assertThat(get("/_stats").body())
        .contains("\"received\":6")
        .contains("\"GET /b\":{\"received\":1,\"answered\":{\"404\":1}}");
  }

  @Test
  void takesTheTimeItIsTold() throws Exception {
    long start = System.nanoTime();
    get("/?latency=120ms");
    assertThat(Duration.ofNanos(System.nanoTime() - start)).isGreaterThan(Duration.ofMillis(119));
  }

  @Test
  void answersBodiesOfTheSizeAskedForAndFailsAsToldTo() throws Exception {
    assertThat(get("/?bytes=100000").body()).hasSize(100_000);
    assertThat(get("/?bytes=1000&drip=50ms").body()).hasSize(1_000);
    assertThat(get("/?errors=100").statusCode()).isEqualTo(500);
    assertThat(get("/?errors=100&error-status=503").statusCode()).isEqualTo(503);
    assertThat(get("/?bytes=x").statusCode()).isEqualTo(400);
  }

  @Test
  void hangsAndResets() {
    Duration soon = Duration.ofMillis(500);
    assertThatThrownBy(() -> send("GET", "/?hang=100%25", soon))
        .isInstanceOf(HttpTimeoutException.class);
    assertThatThrownBy(() -> get("/?reset=100")).isInstanceOf(IOException.class);
  }

  @Test
  void poursWithoutEnd() throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(target.url() + "/?endless=true")).build();
    try (InputStream body =
        client.send(request, HttpResponse.BodyHandlers.ofInputStream()).body()) {
      assertThat(body.readNBytes(1 << 20)).hasSize(1 << 20);
    }
  }

  @Test
  void degradesForAWhileAndRecovers() throws Exception {
    send("POST", "/_admin/degrade?for=1m&errors=100&error-status=503");
    assertThat(get("/a").statusCode()).isEqualTo(503);
    assertThat(send("GET", "/_admin/degrade").body()).contains("errors=100");
    send("DELETE", "/_admin/degrade");
    assertThat(get("/a").statusCode()).isEqualTo(200);
    send("POST", "/_admin/degrade?after=1h&errors=100");
    assertThat(get("/a").statusCode()).isEqualTo(200);
    assertThat(send("POST", "/_admin/degrade?errors=1000").statusCode()).isEqualTo(400);
  }

  @Test
  void saysWhichAddressItCannotListenOn() {
    assertThatThrownBy(() -> TargetServer.start("127.0.0.1", target.port(), Behaviour.PROMPT, 1))
        .hasMessageContaining("cannot listen on 127.0.0.1:" + target.port());
  }

  private HttpResponse<String> get(String path) throws Exception {
    return send("GET", path);
  }

  private HttpResponse<String> send(String method, String path) throws Exception {
    return send(method, path, Duration.ofSeconds(30));
  }

  private HttpResponse<String> send(String method, String path, Duration patience)
      throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(target.url() + path))
            .timeout(patience)
            .method(method, HttpRequest.BodyPublishers.noBody())
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }
}
