package io.tailrace.demo;

import io.tailrace.generator.target.TargetServer;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.CompletableFuture;

/** Has the target degrade at the story's time, which counts from the first request. */
final class Trouble {
  /** The story is off by as much. */
  private static final long LOOK_MILLIS = 10;

  private final HttpClient http = HttpClient.newHttpClient();
  private final TargetServer target;

  private Trouble(TargetServer target) {
    this.target = target;
  }

  /** Waits for the first request on a thread of its own; done when the target has been told. */
  static CompletableFuture<Void> of(Story story, TargetServer target) {
    CompletableFuture<Void> told = new CompletableFuture<>();
    Thread thread =
        new Thread(
            () -> {
              try {
                new Trouble(target).play(story);
                told.complete(null);
              } catch (IOException | InterruptedException | RuntimeException e) {
                told.completeExceptionally(e);
              }
            },
            "trouble");
    thread.setDaemon(true);
    thread.start();
    return told;
  }

  private void play(Story story) throws IOException, InterruptedException {
    // A client's first request takes long, and the one that counts must not.
    tell("/_stats");
    while (target.ledger().received() == 0) {
      Thread.sleep(LOOK_MILLIS);
    }
    tell("/_admin/degrade?" + story.trouble());
  }

  private void tell(String what) throws IOException, InterruptedException {
    URI address = URI.create(target.url() + what);
    HttpResponse<String> answer =
        http.send(
            HttpRequest.newBuilder(address).POST(HttpRequest.BodyPublishers.noBody()).build(),
            HttpResponse.BodyHandlers.ofString());
    if (answer.statusCode() != 200) {
      throw new IOException("the target refuses " + address + ": " + answer.body());
    }
  }
}
