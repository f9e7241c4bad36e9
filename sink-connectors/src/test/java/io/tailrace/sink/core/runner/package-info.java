/** Tests of the runner. */
@NullMarked
package io.tailrace.sink.core.runner;

import org.jspecify.annotations.NullMarked;
