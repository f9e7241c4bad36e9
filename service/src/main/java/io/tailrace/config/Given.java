package io.tailrace.config;

import io.tailrace.config.YamlTree.Value;

/** A value and where it was given, so that a fault can name the place. */
record Given(String source, int line, Value value, boolean fromFile) {}
