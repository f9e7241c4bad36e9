/** Sends what a plan asks for, at the moments it asks for it, and records what came of it. */
@NullMarked
package io.tailrace.generator.engine;

import org.jspecify.annotations.NullMarked;
