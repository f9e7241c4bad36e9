/** Brokers and registries for the tests of every module. */
@org.jspecify.annotations.NullMarked
package io.tailrace.embedded;
