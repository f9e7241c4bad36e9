/** Tests of this part of the core. */
@NullMarked
package io.tailrace.sink.core.provider;

import org.jspecify.annotations.NullMarked;
