/** The topics Tailrace uses: their names, their settings, and what differs in a cluster. */
@NullMarked
package io.tailrace.topics;

import org.jspecify.annotations.NullMarked;
