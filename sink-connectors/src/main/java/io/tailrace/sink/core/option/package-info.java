/** The keys of a sink's block, each declared once: the declaration reads it and documents it. */
@NullMarked
package io.tailrace.sink.core.option;

import org.jspecify.annotations.NullMarked;
