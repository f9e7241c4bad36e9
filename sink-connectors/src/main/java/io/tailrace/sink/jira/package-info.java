/** Jira: issues for runs, objectives or episodes, filed once and kept up to date. */
@NullMarked
package io.tailrace.sink.jira;

import org.jspecify.annotations.NullMarked;
