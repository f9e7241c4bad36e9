package io.tailrace.publisher;

/** Keeps the fields of lanes that the collector has put side by side on different cache lines. */
@SuppressWarnings("unused")
abstract class LanePadding {
  private long p00, p01, p02, p03, p04, p05, p06, p07, p08, p09, p10, p11, p12, p13, p14, p15;
}
