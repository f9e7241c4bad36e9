/** One HTTP exchange at a time with one sink's target, within limits of time, size and reach. */
@NullMarked
package io.tailrace.sink.core.http;

import org.jspecify.annotations.NullMarked;
