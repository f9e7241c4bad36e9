package io.tailrace.histogram;

/** Told one count of a histogram: so many values between two bounds, both included. */
@FunctionalInterface
public interface CellVisitor {
  void cell(long lowest, long highest, long count);
}
