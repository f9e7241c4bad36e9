/** A run of a plan as people start it: checked, published, shown, summed up. */
@NullMarked
package io.tailrace.generator;

import org.jspecify.annotations.NullMarked;
