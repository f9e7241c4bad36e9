package io.tailrace.service;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

class ShutdownIT {
  /** A service of two parts; the outer one does not close when told to hang. */
  static final class Service {
    public static void main(String[] args) throws InterruptedException {
      boolean hangs = args.length > 0;
      Shutdown shutdown = Shutdown.install(Duration.ofMillis(hangs ? 300 : 20_000));
      shutdown.closing("inner", () -> System.out.println("inner closed"));
      shutdown.closing(
          "outer",
          () -> {
            System.out.println("outer closing");
            if (hangs) {
              Thread.sleep(60_000);
            }
          });
      System.out.println("ready");
      shutdown.await();
      Thread.sleep(60_000);
    }
  }

  /** Is asked to end while its first part starts. */
  static final class Starting {
    public static void main(String[] args) {
      Shutdown shutdown = Shutdown.install(Duration.ofSeconds(20));
      shutdown.starting(
          "first",
          () -> {
            System.out.println("ready");
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1_500));
            System.out.println("first started");
            return () -> System.out.println("first closed");
          });
      shutdown.starting(
          "second",
          () -> {
            System.out.println("second started");
            return () -> {};
          });
    }
  }

  /** Two parts, neither of which is there before the other has begun. */
  static final class SideBySide {
    public static void main(String[] args) throws InterruptedException {
      Shutdown shutdown = Shutdown.install(Duration.ofSeconds(20));
      CountDownLatch begun = new CountDownLatch(2);
      List<Thread> threads =
          List.of(
              new Thread(() -> start(shutdown, begun)), new Thread(() -> start(shutdown, begun)));
      threads.forEach(Thread::start);
      for (Thread thread : threads) {
        thread.join();
      }
      System.out.println("ready");
      shutdown.await();
    }

    private static void start(Shutdown shutdown, CountDownLatch begun) {
      shutdown.starting(
          "part",
          () -> {
            begun.countDown();
            try {
              begun.await();
            } catch (InterruptedException e) {
              throw new IllegalStateException(e);
            }
            return () -> System.out.println("part closed");
          });
    }
  }

  @Test
  void startsPartsSideBySideAndClosesEach() throws Exception {
    assertThat(linesAfterTermOf(SideBySide.class)).containsExactly("part closed", "part closed");
  }

  @Test
  void closesWhatIsBeingStartedAndStartsNothingMore() throws Exception {
    assertThat(linesAfterTermOf(Starting.class)).containsExactly("first started", "first closed");
  }

  private static List<String> linesAfterTerm(String... args) throws Exception {
    return linesAfterTermOf(Service.class, args);
  }

  private static List<String> linesAfterTermOf(Class<?> main, String... args) throws Exception {
    String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
    String classpath = System.getProperty("java.class.path");
    List<String> command =
        new java.util.ArrayList<>(List.of(java, "-Xshare:auto", "-cp", classpath, main.getName()));
    command.addAll(List.of(args));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    try (BufferedReader out = process.inputReader()) {
      assertThat(out.readLine()).isEqualTo("ready");
      process.toHandle().destroy();
      List<String> lines = out.lines().toList();
      assertThat(process.waitFor(20, TimeUnit.SECONDS)).isTrue();
      assertThat(process.exitValue()).isEqualTo(143);
      return lines;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } finally {
      process.destroyForcibly();
    }
  }

  @Test
  void closesTheLastOpenedPartFirstOnSigterm() throws Exception {
    assertThat(linesAfterTerm()).containsExactly("outer closing", "inner closed");
  }

  @Test
  void endsWhenAPartDoesNotCloseAndNamesIt() throws Exception {
    assertThat(linesAfterTerm("hang")).first().isEqualTo("outer closing");
    assertThat(linesAfterTerm("hang")).last().asString().contains("gave up on outer after PT0.3S");
  }
}
