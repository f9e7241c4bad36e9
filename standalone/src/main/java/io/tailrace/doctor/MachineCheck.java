package io.tailrace.doctor;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** Java, memory, and the folders that are written to. */
public final class MachineCheck {
  private static final String JAVA = "java";
  private static final String MEMORY = "memory";
  private static final String FOLDER = "folder";
  private static final int OLDEST_JAVA = 17;
  private static final long ENOUGH_MEMORY = 512L << 20;
  private static final long ENOUGH_SPACE = 1L << 30;

  private MachineCheck() {}

  public static void java(Findings findings) {
    Runtime.Version version = Runtime.version();
    if (version.feature() < OLDEST_JAVA) {
      findings.wrong(JAVA, "this is Java " + version, "install a JDK 17 or newer");
    } else {
      findings.fine(JAVA, version + " of " + System.getProperty("java.vendor"));
    }
    long most = Runtime.getRuntime().maxMemory();
    String text =
        "%d MiB at most for this process, %d processors"
            .formatted(most >> 20, Runtime.getRuntime().availableProcessors());
    if (most < ENOUGH_MEMORY) {
      findings.doubtful(
          MEMORY, text, "a broker or an aggregator wants 512 MiB: TAILRACE_JAVA_OPTS=-Xmx512m");
    } else {
      findings.fine(MEMORY, text);
    }
  }

  /** A folder that is there or can be created. */
  public static void folder(Path folder, Findings findings) {
    Path present = folder.toAbsolutePath().normalize();
    while (!Files.exists(present) && present.getParent() != null) {
      present = present.getParent();
    }
    if (!Files.isDirectory(present)) {
      findings.wrong(FOLDER, present + " is a file", "name a folder");
    } else if (!Files.isWritable(present)) {
      findings.wrong(
          FOLDER,
          present + " cannot be written to by " + System.getProperty("user.name"),
          "name another folder, or let this user write to it");
    } else {
      space(folder, present, findings);
    }
  }

  private static void space(Path folder, Path present, Findings findings) {
    try {
      long free = Files.getFileStore(present).getUsableSpace();
      String text = "%s: %d MiB free".formatted(folder, free >> 20);
      if (free < ENOUGH_SPACE) {
        findings.doubtful(FOLDER, text, "a broker that finds no space stops: make room");
      } else {
        findings.fine(FOLDER, text);
      }
    } catch (IOException e) {
      findings.doubtful(FOLDER, folder + ": how much is free is not known: " + e, "");
    }
  }
}
