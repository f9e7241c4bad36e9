/** The whole pipeline in one process, for the demonstration. */
@NullMarked
package io.tailrace.demo;

import org.jspecify.annotations.NullMarked;
