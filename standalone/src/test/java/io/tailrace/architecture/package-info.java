/** The rules of the house, held over every module. */
@NullMarked
package io.tailrace.architecture;

import org.jspecify.annotations.NullMarked;
