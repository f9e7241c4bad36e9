/** Tests of judging objectives. */
@NullMarked
package io.tailrace.aggregator.sla;

import org.jspecify.annotations.NullMarked;
