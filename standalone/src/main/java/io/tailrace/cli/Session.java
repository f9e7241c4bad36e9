package io.tailrace.cli;

import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.Map;

/**
 * What a command has from the process that runs it.
 *
 * @param environment its variables
 * @param directory where it was started
 * @param out for results
 * @param err for everything else
 */
record Session(Map<String, String> environment, Path directory, PrintWriter out, PrintWriter err) {}
