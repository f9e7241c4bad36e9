/**
 * The independent proof: a load whose every value is kept, aggregators as real processes that are
 * killed, and a reader that shares no code with what it checks.
 */
@NullMarked
package io.tailrace.aggregator.proof;

import org.jspecify.annotations.NullMarked;
