package io.tailrace.generator.target;

import io.tailrace.config.Durations;
import java.util.ArrayList;
import java.util.List;
import java.util.random.RandomGenerator;

/**
 * How long the target takes to answer: {@code 20ms}, {@code uniform(10ms,50ms)}, {@code
 * normal(20ms,5ms)}, {@code exponential(20ms)} or {@code lognormal(20ms,200ms)} (median and p99).
 */
record LatencyDistribution(Shape shape, double firstMicros, double secondMicros) {

  static final LatencyDistribution NONE = new LatencyDistribution(Shape.CONSTANT, 0, 0);

  /** The standard normal value that 99 of 100 stay under. */
  private static final double NORMAL_P99 = 2.3263478740408408;

  enum Shape {
    CONSTANT(1),
    UNIFORM(2),
    NORMAL(2),
    EXPONENTIAL(1),
    LOGNORMAL(2);

    private final int parameters;

    Shape(int parameters) {
      this.parameters = parameters;
    }
  }

  static LatencyDistribution parse(String text) {
    int open = text.indexOf('(');
    if (open < 0) {
      return new LatencyDistribution(Shape.CONSTANT, micros(text), 0);
    }
    Shape shape = shapeNamed(text.substring(0, open).strip(), text);
    if (!text.endsWith(")")) {
      throw unreadable(text);
    }
    List<Double> parameters = new ArrayList<>();
    for (String part : text.substring(open + 1, text.length() - 1).split(",", -1)) {
      parameters.add(micros(part.strip()));
    }
    if (parameters.size() != shape.parameters) {
      throw unreadable(text);
    }
    double second = shape.parameters == 2 ? parameters.get(1) : 0;
    if ((shape == Shape.UNIFORM || shape == Shape.LOGNORMAL) && second < parameters.get(0)) {
      throw new IllegalArgumentException(
          "latency \"" + text + "\": expected the second duration to be at least the first");
    }
    return new LatencyDistribution(shape, parameters.get(0), second);
  }

  long sampleMicros(RandomGenerator random) {
    double value =
        switch (shape) {
          case CONSTANT -> firstMicros;
          case UNIFORM -> firstMicros + random.nextDouble() * (secondMicros - firstMicros);
          case NORMAL -> firstMicros + random.nextGaussian() * secondMicros;
          case EXPONENTIAL -> random.nextExponential() * firstMicros;
          case LOGNORMAL -> logNormal(random);
        };
    return Math.max(0, Math.round(value));
  }

  private double logNormal(RandomGenerator random) {
    if (firstMicros == 0) {
      return 0;
    }
    double sigma = Math.log(secondMicros / firstMicros) / NORMAL_P99;
    return firstMicros * Math.exp(random.nextGaussian() * sigma);
  }

  private static Shape shapeNamed(String name, String text) {
    for (Shape shape : Shape.values()) {
      if (shape.name().equalsIgnoreCase(name) && shape != Shape.CONSTANT) {
        return shape;
      }
    }
    throw unreadable(text);
  }

  private static double micros(String text) {
    return Durations.parse(text).toNanos() / 1000.0;
  }

  private static IllegalArgumentException unreadable(String text) {
    return new IllegalArgumentException(
        "latency \""
            + text
            + "\": expected a duration, uniform(a,b), normal(mean,deviation), exponential(mean) or"
            + " lognormal(median,p99)");
  }
}
