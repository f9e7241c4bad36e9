/** What every service has: health, metrics, logs and an orderly end. */
@NullMarked
package io.tailrace.service;

import org.jspecify.annotations.NullMarked;
