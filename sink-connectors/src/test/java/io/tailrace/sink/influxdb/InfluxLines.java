package io.tailrace.sink.influxdb;

import static org.assertj.core.api.Assertions.assertThat;

import io.tailrace.config.Secret;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import java.net.URI;

/** Somebody else who writes to the same database. */
record InfluxLines(Http http, String url, String user, String password) {
  void write(String line) throws Exception {
    HttpAnswer answer =
        http.target(URI.create(url))
            .withBasic(user, Secret.of(password))
            .send(HttpCall.post("/write?db=load&precision=u", "text/plain", line));
    assertThat(answer.isSuccess()).as(answer.brief()).isTrue();
  }
}
