/** What the tests of several sinks share. */
@NullMarked
package io.tailrace.sink;

import org.jspecify.annotations.NullMarked;
