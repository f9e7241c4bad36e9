package io.tailrace.generator.screen;

import io.tailrace.generator.LiveView;
import io.tailrace.generator.LoadSummary;
import io.tailrace.generator.RunScreen;
import java.io.PrintWriter;
import java.util.List;
import java.util.function.IntSupplier;

/** A live picture in a terminal, drawn over itself. */
public final class TerminalScreen implements RunScreen {

  private static final String HIDE_CURSOR = "\u001b[?25l";
  private static final String SHOW_CURSOR = "\u001b[?25h";
  private static final int NARROWEST = 20;

  private final PrintWriter out;
  private final IntSupplier width;
  private int drawn;

  public TerminalScreen(PrintWriter out, IntSupplier width) {
    this.out = out;
    this.width = width;
  }

  @Override
  public synchronized void say(String line) {
    erase();
    out.println(line);
    out.flush();
  }

  @Override
  public synchronized void show(LiveView view) {
    int columns = Math.max(NARROWEST, width.getAsInt());
    List<String> lines = LiveLayout.lines(view, columns - 1);
    erase();
    out.print(HIDE_CURSOR);
    lines.forEach(out::println);
    out.flush();
    drawn = lines.size();
  }

  @Override
  public synchronized void finish(LoadSummary summary) {
    erase();
    out.print(SHOW_CURSOR);
    SummaryLayout.lines(summary, Math.max(NARROWEST, width.getAsInt())).forEach(out::println);
    out.flush();
  }

  private void erase() {
    if (drawn > 0) {
      out.printf("\u001b[%dA\u001b[J", drawn);
      drawn = 0;
    }
  }

  @Override
  public synchronized void close() {
    out.print(SHOW_CURSOR);
    out.flush();
  }
}
