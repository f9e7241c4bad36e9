package io.tailrace.service;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Closes the parts of a service, last opened first, when the process is asked to end. What has not
 * closed when patience runs out is named and left.
 */
public final class Shutdown {
  private static final Logger LOG = LoggerFactory.getLogger(Shutdown.class);

  private final Duration patience;
  private final CountDownLatch requested = new CountDownLatch(1);
  private final Deque<Part> parts = new ArrayDeque<>();

  /** Starts share it, as many at a time as like; draining has it alone. */
  private final ReentrantReadWriteLock startOrDrain = new ReentrantReadWriteLock();

  private record Part(String name, AutoCloseable closing) {}

  private Shutdown(Duration patience) {
    this.patience = patience;
  }

  /** From now on SIGTERM and SIGINT drain. */
  public static Shutdown install(Duration patience) {
    Shutdown shutdown = new Shutdown(patience);
    Runtime.getRuntime().addShutdownHook(new Thread(shutdown::drain, "shutdown"));
    return shutdown;
  }

  /** Adds a part that is closed before those added earlier; returns it. */
  public <T extends AutoCloseable> T closing(String name, T part) {
    synchronized (parts) {
      parts.push(new Part(name, part));
    }
    return part;
  }

  /**
   * Starts a part that is closed before those added earlier; returns it. A process that is asked to
   * end meanwhile waits for the start and closes what it gave; after that nothing starts any more,
   * and a start that fails for it is no news. Parts that do not need each other may be started on
   * several threads.
   */
  public <T extends AutoCloseable> T starting(String name, Supplier<T> start) {
    startOrDrain.readLock().lock();
    try {
      if (!isRequested()) {
        return closing(name, start.get());
      }
    } catch (RuntimeException | Error e) {
      if (!isRequested()) {
        throw e;
      }
      LOG.debug("{} did not start before the end", name, e);
    } finally {
      startOrDrain.readLock().unlock();
    }
    // Who starts things has nothing left to do, and nothing to complain about.
    while (true) {
      LockSupport.park();
    }
  }

  /** Waits until the process is asked to end; the parts are being closed from then on. */
  public void await() throws InterruptedException {
    requested.await();
  }

  /** Whether the process has been asked to end. */
  public boolean isRequested() {
    return requested.getCount() == 0;
  }

  private void drain() {
    requested.countDown();
    CountDownLatch drained = new CountDownLatch(1);
    Thread worker =
        new Thread(
            () -> {
              startOrDrain.writeLock().lock();
              closeAll();
              drained.countDown();
            },
            "drain");
    worker.setDaemon(true);
    worker.start();
    try {
      if (!drained.await(patience.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("gave up on {} after {}", stillOpen(), patience);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void closeAll() {
    for (Part part = top(); part != null; part = top()) {
      try {
        part.closing().close();
        LOG.debug("closed {}", part.name());
      } catch (Exception e) {
        LOG.warn("cannot close {}", part.name(), e);
      }
      synchronized (parts) {
        parts.remove(part);
      }
    }
  }

  private @Nullable Part top() {
    synchronized (parts) {
      return parts.peek();
    }
  }

  private String stillOpen() {
    Part part = top();
    return part == null ? "nothing" : part.name();
  }
}
