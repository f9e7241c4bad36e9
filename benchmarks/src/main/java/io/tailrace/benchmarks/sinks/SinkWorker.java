package io.tailrace.benchmarks.sinks;

import io.prometheus.client.CollectorRegistry;
import io.tailrace.config.Settings;
import io.tailrace.config.SettingsSource;
import io.tailrace.service.Pages;
import io.tailrace.sink.core.Feed;
import io.tailrace.sink.core.MetricShape;
import io.tailrace.sink.core.Sink;
import io.tailrace.sink.core.http.Http;
import io.tailrace.sink.core.http.HttpAnswer;
import io.tailrace.sink.core.http.HttpCall;
import io.tailrace.sink.core.http.HttpConfig;
import io.tailrace.sink.core.http.HttpTarget;
import io.tailrace.sink.core.http.NetworkRules;
import io.tailrace.sink.core.provider.JournaledOnce;
import io.tailrace.sink.core.provider.OnceJournal;
import io.tailrace.sink.core.provider.SinkContext;
import io.tailrace.sink.core.provider.SinkMetrics;
import io.tailrace.sink.core.provider.SinkProvider;
import io.tailrace.sink.core.provider.Tuning;
import io.tailrace.sink.core.runner.Backoff;
import io.tailrace.sink.core.runner.Pace;
import io.tailrace.sink.core.runner.RunnerConfig;
import io.tailrace.sink.core.runner.SinkRunner;
import io.tailrace.topics.Topics;
import java.io.BufferedInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.LongSupplier;

/**
 * Delivers in a process of its own, as a sink or as a bare loop, and says ten times a second how
 * much is acknowledged and how large its heap is.
 */
final class SinkWorker {
  private static final Duration SAY_EVERY = Duration.ofMillis(100);

  @SuppressWarnings("ArrayRecordComponent") // Sent, never compared.
  private record Body(String path, String contentType, int aggregates, byte[] bytes) {}

  private SinkWorker() {}

  /**
   * "bare" BODIES-FILE URL THREADS, or "sink" NAME BLOCK-FILE BOOTSTRAP REGISTRY PREFIX GROUP
   * COUNT.
   */
  public static void main(String[] arguments) throws Exception {
    PrintStream out = System.out;
    if (arguments[0].equals("bare")) {
      bare(Path.of(arguments[1]), arguments[2], Integer.parseInt(arguments[3]), out);
    } else {
      sink(arguments, out);
    }
  }

  private static void bare(Path file, String url, int threads, PrintStream out) throws Exception {
    Queue<Body> bodies = new ConcurrentLinkedQueue<>(read(file));
    int count = bodies.stream().mapToInt(Body::aggregates).sum();
    AtomicInteger done = new AtomicInteger();
    try (Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT)) {
      HttpTarget target = http.target(URI.create(url));
      List<Thread> workers = new ArrayList<>();
      for (int i = 0; i < threads; i++) {
        Thread worker = new Thread(() -> send(target, bodies, done), "bare-" + i);
        worker.start();
        workers.add(worker);
      }
      say(done::get, count, out);
      for (Thread worker : workers) {
        worker.join();
      }
    }
  }

  private static void send(HttpTarget target, Queue<Body> bodies, AtomicInteger done) {
    try {
      for (Body body = bodies.poll(); body != null; body = bodies.poll()) {
        HttpAnswer answer =
            target.send(HttpCall.post(body.path(), body.contentType(), body.bytes()));
        if (!answer.isSuccess()) {
          throw new IOException(answer.brief());
        }
        done.addAndGet(body.aggregates());
      }
    } catch (IOException e) {
      throw new IllegalStateException("the target refuses what the sink sends: " + e, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static List<Body> read(Path file) throws IOException {
    List<Body> bodies = new ArrayList<>();
    try (DataInputStream in =
        new DataInputStream(new BufferedInputStream(Files.newInputStream(file)))) {
      while (in.available() > 0) {
        String path = in.readUTF();
        String contentType = in.readUTF();
        int aggregates = in.readInt();
        bodies.add(new Body(path, contentType, aggregates, in.readNBytes(in.readInt())));
      }
    }
    return bodies;
  }

  private static void sink(String[] arguments, PrintStream out) throws Exception {
    String name = arguments[1];
    SinkProvider provider =
        ServiceLoader.load(SinkProvider.class).stream()
            .map(ServiceLoader.Provider::get)
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow();
    SinkMetrics metrics = SinkMetrics.of(name, new CollectorRegistry());
    Http http = Http.open(HttpConfig.DEFAULT, NetworkRules.DEFAULT);
    SinkContext context =
        new SinkContext(
            name,
            http,
            MetricShape.ALL,
            metrics,
            new Pages(),
            new JournaledOnce(OnceJournal.inMemory(), metrics),
            Clock.systemUTC());
    Sink sink =
        Settings.of(SettingsSource.ofYaml(Files.readString(Path.of(arguments[2]))))
            .read(block -> provider.options().read(block, its -> provider.create(its, context)));
    Map<String, Object> kafka = new HashMap<>();
    kafka.put("bootstrap.servers", arguments[3]);
    kafka.put("schema.registry.url", arguments[4]);
    kafka.put("group.id", arguments[6]);
    try (http;
        SinkRunner runner =
            new SinkRunner(
                RunnerConfig.of(
                    name,
                    Set.of(Feed.AGGREGATES),
                    Topics.withPrefix(arguments[5]),
                    kafka,
                    pace(provider.tuning())),
                sink,
                System::nanoTime)) {
      runner.start();
      say(() -> runner.status().delivered(), Long.parseLong(arguments[7]), out);
    }
  }

  private static Pace pace(Tuning tuning) {
    Pace usual = Pace.DEFAULT;
    return new Pace(
        tuning.batchSize(),
        (int) tuning.batchBytes(),
        tuning.flushInterval(),
        tuning.parallelism(),
        usual.bufferBytes(),
        new Backoff(Duration.ofMillis(100), Duration.ofSeconds(1)),
        usual.misconfiguredPause(),
        usual.drainDeadline());
  }

  private static void say(LongSupplier done, long count, PrintStream out)
      throws InterruptedException {
    long delivered;
    do {
      Thread.sleep(SAY_EVERY.toMillis());
      delivered = done.getAsLong();
      Runtime runtime = Runtime.getRuntime();
      long heap = runtime.totalMemory() - runtime.freeMemory();
      out.println(System.nanoTime() + " " + delivered + " " + heap);
      out.flush();
    } while (delivered < count);
  }
}
