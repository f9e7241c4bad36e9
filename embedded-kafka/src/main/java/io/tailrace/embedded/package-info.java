/** A single-node Kafka broker and a schema registry that run inside this process. */
@org.jspecify.annotations.NullMarked
package io.tailrace.embedded;
