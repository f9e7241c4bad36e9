/** What every sink stands on: the contract, and the runner that owns all but the one attempt. */
@NullMarked
package io.tailrace.sink.core;

import org.jspecify.annotations.NullMarked;
