/** A Slack that refuses what the real one would, and what the sink leaves in it. */
@NullMarked
package io.tailrace.sink.slack;

import org.jspecify.annotations.NullMarked;
