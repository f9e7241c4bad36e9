package io.tailrace.embedded;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.apache.avro.Schema;

/** Confluent's own serializers in a process of their own, at work with one registry. */
final class ConfluentProcess implements AutoCloseable {
  private final Process process;
  private final BufferedReader answers;

  private ConfluentProcess(Process process) {
    this.process = process;
    this.answers = process.inputReader(StandardCharsets.UTF_8);
  }

  static ConfluentProcess start(String registryUrl) {
    List<String> command =
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-Xmx256m",
            "-XX:+UseSerialGC",
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("confluent.jar"),
            System.getProperty("confluent.source"),
            registryUrl);
    File log =
        Path.of(System.getProperty("confluent.jar")).resolveSibling("confluent.log").toFile();
    try {
      return new ConfluentProcess(
          new ProcessBuilder(command).redirectError(ProcessBuilder.Redirect.appendTo(log)).start());
    } catch (IOException e) {
      throw new UncheckedIOException("cannot run Confluent's serializers", e);
    }
  }

  /** What their serializer makes of a record, given as plain Avro. */
  byte[] serialize(String topic, Schema schema, byte[] avro) {
    return ask("write " + topic + " " + base64(schema) + " " + base64(avro));
  }

  /** The record their deserializer finds in a value, as plain Avro of the writer's schema. */
  byte[] deserialize(String topic, byte[] value) {
    return ask("read " + topic + " " + base64(value));
  }

  /** The same, resolved to a schema of the reader's. */
  byte[] deserialize(String topic, byte[] value, Schema reader) {
    return ask("read " + topic + " " + base64(value) + " " + base64(reader));
  }

  private byte[] ask(String request) {
    try {
      process.getOutputStream().write((request + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
      String answer = answers.readLine();
      if (answer == null || answer.startsWith("FAILED")) {
        throw new IllegalStateException("Confluent's side: " + answer);
      }
      return Base64.getDecoder().decode(answer);
    } catch (IOException e) {
      throw new UncheckedIOException("Confluent's side has ended", e);
    }
  }

  private static String base64(Schema schema) {
    return base64(schema.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static String base64(byte[] bytes) {
    return Base64.getEncoder().encodeToString(bytes);
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(10, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
