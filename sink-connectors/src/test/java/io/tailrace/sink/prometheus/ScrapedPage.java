package io.tailrace.sink.prometheus;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.service.EndpointConfig;
import io.tailrace.service.Health;
import io.tailrace.service.Pages;
import io.tailrace.service.ServiceEndpoint;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;

/** The service's port, as a scrape sees it. */
final class ScrapedPage implements AutoCloseable {
  private final ServiceEndpoint endpoint;

  ScrapedPage(Pages pages, CollectorRegistry registry) {
    endpoint =
        ServiceEndpoint.start(new EndpointConfig("127.0.0.1", 0), registry, new Health(), pages);
  }

  String get(String path) throws Exception {
    HttpRequest request = HttpRequest.newBuilder(URI.create(endpoint.url() + path)).build();
    HttpResponse<String> answer =
        HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200
        || !answer.headers().firstValue("Content-Type").orElse("").contains("version=0.0.4")) {
      throw new IllegalStateException(answer + " " + answer.headers());
    }
    return answer.body();
  }

  @Override
  public void close() {
    endpoint.close();
  }
}
