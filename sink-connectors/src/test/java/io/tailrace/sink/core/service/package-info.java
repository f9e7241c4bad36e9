/** Tests of this part of the core. */
@NullMarked
package io.tailrace.sink.core.service;

import org.jspecify.annotations.NullMarked;
