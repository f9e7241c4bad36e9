package io.tailrace.publisher;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryMXBean;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * CPU and memory of this process, measured at most once a second; only for the flusher's thread.
 */
final class NodeVitals {

  private static final long REFRESH_NANOS = 1_000_000_000L;
  private static final Path RESIDENT = Path.of("/proc/self/statm");
  private static final double MIB = 1 << 20;

  /** Pages of this size are counted in statm wherever Java 17 runs on Linux x86-64. */
  private static final long PAGE_BYTES = 4_096;

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final MemoryMXBean memory = ManagementFactory.getMemoryMXBean();
  private long refreshedNanos = System.nanoTime() - REFRESH_NANOS;
  private double cpuPercent;
  private double memoryMb;

  void refresh() {
    long now = System.nanoTime();
    if (now - refreshedNanos < REFRESH_NANOS) {
      return;
    }
    refreshedNanos = now;
    // Negative until the JVM has two readings to compare.
    cpuPercent = 100 * Math.max(0, system.getProcessCpuLoad());
    memoryMb = residentBytes() / MIB;
  }

  /** In percent of all cores. */
  double cpuPercent() {
    return cpuPercent;
  }

  /** Resident memory where the system tells it, otherwise what the JVM uses itself. */
  double memoryMb() {
    return memoryMb;
  }

  private long residentBytes() {
    try {
      String[] fields = Files.readString(RESIDENT, StandardCharsets.US_ASCII).split(" ", 3);
      return Long.parseLong(fields[1]) * PAGE_BYTES;
    } catch (IOException | RuntimeException e) {
      return memory.getHeapMemoryUsage().getUsed() + memory.getNonHeapMemoryUsage().getUsed();
    }
  }
}
