/** A small HTTP server that misbehaves on demand and counts what it served. */
@NullMarked
package io.tailrace.generator.target;

import org.jspecify.annotations.NullMarked;
