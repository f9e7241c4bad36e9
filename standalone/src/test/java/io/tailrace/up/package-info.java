@NullMarked
package io.tailrace.up;

import org.jspecify.annotations.NullMarked;
