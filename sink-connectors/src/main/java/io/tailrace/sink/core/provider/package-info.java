/** How a sink is found, described and given what it needs. */
@NullMarked
package io.tailrace.sink.core.provider;

import org.jspecify.annotations.NullMarked;
