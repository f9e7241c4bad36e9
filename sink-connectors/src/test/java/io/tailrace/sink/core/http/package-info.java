/** Tests of HTTP and its limits. */
@NullMarked
package io.tailrace.sink.core.http;

import org.jspecify.annotations.NullMarked;
