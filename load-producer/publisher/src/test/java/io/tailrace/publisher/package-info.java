/** Tests of the publisher. */
@NullMarked
package io.tailrace.publisher;

import org.jspecify.annotations.NullMarked;
