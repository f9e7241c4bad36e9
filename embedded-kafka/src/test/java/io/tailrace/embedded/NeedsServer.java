package io.tailrace.embedded;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The tests of this class need a server that may be missing: in continuous integration that fails
 * them; elsewhere they do not run, and the build ends by saying so.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@ExtendWith(MissingServerCondition.class)
public @interface NeedsServer {
  TestServer[] value();
}
