/** Results as files: what CI reads when a run has ended, and its windows as they come. */
@NullMarked
package io.tailrace.sink.results;

import org.jspecify.annotations.NullMarked;
