/** A Jira that refuses what the real one would, and what the sink leaves in it. */
@NullMarked
package io.tailrace.sink.jira;

import org.jspecify.annotations.NullMarked;
