/** Slack: runs and their violations as messages, kept up to date where Slack lets them be. */
@NullMarked
package io.tailrace.sink.slack;

import org.jspecify.annotations.NullMarked;
