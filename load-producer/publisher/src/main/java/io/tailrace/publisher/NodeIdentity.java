package io.tailrace.publisher;

import java.util.function.LongSupplier;

/** Who publishes: one life of one node of a run, and its clock in microseconds since 1970. */
record NodeIdentity(String run, String node, long epochMicros, LongSupplier clock) {}
