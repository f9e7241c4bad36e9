/** The whole, in as many processes as people run, against the systems that people look at. */
@NullMarked
package io.tailrace.endtoend;

import org.jspecify.annotations.NullMarked;
