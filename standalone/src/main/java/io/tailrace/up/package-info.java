/** Any set of the services side by side in one process. */
@NullMarked
package io.tailrace.up;

import org.jspecify.annotations.NullMarked;
