/** The client of a schema registry that speaks the Confluent protocol. */
@NullMarked
package io.tailrace.registry;

import org.jspecify.annotations.NullMarked;
