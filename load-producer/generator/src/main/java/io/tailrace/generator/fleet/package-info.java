/** How the nodes of a run hear of each other: they start together and stop together. */
@NullMarked
package io.tailrace.generator.fleet;

import org.jspecify.annotations.NullMarked;
