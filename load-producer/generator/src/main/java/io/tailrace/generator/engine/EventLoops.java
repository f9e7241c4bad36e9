package io.tailrace.generator.engine;

import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.file.FileSystemOptions;

/** The threads that send, or answer, without waiting. */
public final class EventLoops {
  private EventLoops() {}

  /** Opens so many. They keep no folder for files, which a process that is stopped would leave. */
  public static Vertx open(int loops) {
    return Vertx.vertx(
        new VertxOptions()
            .setEventLoopPoolSize(loops)
            .setPreferNativeTransport(true)
            .setFileSystemOptions(
                new FileSystemOptions()
                    .setFileCachingEnabled(false)
                    .setClassPathResolvingEnabled(false)));
  }
}
