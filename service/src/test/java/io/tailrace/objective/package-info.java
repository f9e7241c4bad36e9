/** Tests of the language of objectives. */
@NullMarked
package io.tailrace.objective;

import org.jspecify.annotations.NullMarked;
