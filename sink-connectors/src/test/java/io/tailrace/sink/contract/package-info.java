/** The kit that every sink passes, and a target that can fail in every way. */
@NullMarked
package io.tailrace.sink.contract;

import org.jspecify.annotations.NullMarked;
