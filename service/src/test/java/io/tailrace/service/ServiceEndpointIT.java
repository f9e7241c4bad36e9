package io.tailrace.service;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.prometheus.client.CollectorRegistry;
import io.prometheus.client.Counter;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ServiceEndpointIT {
  private final CollectorRegistry metrics = new CollectorRegistry();
  private final Health health = new Health();
  private final ServiceEndpoint endpoint =
      ServiceEndpoint.start(EndpointConfig.anyLoopbackPort(), metrics, health);

  @AfterEach
  void stop() {
    endpoint.close();
  }

  private HttpResponse<String> request(String method, String path) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(endpoint.url().resolve(path))
            .method(method, BodyPublishers.noBody())
            .build();
    return HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
  }

  @Test
  void showsTheMetricsOfItsRegistry() throws Exception {
    Counter.build("batches", "Batches read.").register(metrics).inc(3);

    HttpResponse<String> answer = request("GET", "/metrics");

    assertThat(answer.statusCode()).isEqualTo(200);
    assertThat(answer.body()).contains("batches_total 3.0");
    assertThat(answer.headers().firstValue("Content-Type").orElse("")).startsWith("text/plain");
  }

  @Test
  void isReadyOnlyWhenEveryCheckHolds() throws Exception {
    AtomicReference<Optional<String>> restored =
        new AtomicReference<>(Optional.of("restoring 3 of 4 partitions"));
    health.ready("state", restored::get);

    HttpResponse<String> early = request("GET", "/health/ready");
    assertThat(early.statusCode()).isEqualTo(503);
    assertThat(early.body()).isEqualTo("state: restoring 3 of 4 partitions\n");
    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(200);

    restored.set(Optional.empty());
    assertThat(request("GET", "/health/ready").body()).isEqualTo("ok\n");
  }

  @Test
  void isNeitherAliveNorReadyWhenALiveCheckFails() throws Exception {
    health.live(
        "threads",
        () -> {
          throw new IllegalStateException("thread died");
        });

    assertThat(request("GET", "/health/live").statusCode()).isEqualTo(503);
    assertThat(request("GET", "/health/ready").body()).contains("thread died");
  }

  @Test
  void refusesOtherPathsAndMethods() throws Exception {
    assertThat(request("GET", "/metricsandmore").statusCode()).isEqualTo(404);
    assertThat(request("POST", "/metrics").statusCode()).isEqualTo(405);
    assertThat(request("HEAD", "/health/live").statusCode()).isEqualTo(200);
  }

  @Test
  void listensOnLoopbackAndNamesAPortThatIsTaken() {
    assertThat(endpoint.url().getHost()).isEqualTo("127.0.0.1");
    assertThatThrownBy(
            () ->
                ServiceEndpoint.start(
                    new EndpointConfig("127.0.0.1", endpoint.port()), metrics, health))
        .hasMessageContaining("cannot listen for health and metrics on 127.0.0.1:");
  }
}
