package io.tailrace.objective;

import io.tailrace.objective.Measurements.Times;

/**
 * Something that can be measured and held against a threshold.
 *
 * @param name its full name, such as response_time_p95
 * @param argument the percentile, or the status or class of statuses; 0 where there is none
 */
public record Metric(String name, Kind kind, double argument) {
  private static final double MICROS_PER_MILLI = 1_000;

  /** The families of metrics; values are in the unit of the family. */
  public enum Kind {
    RESPONSE_MIN("response_time_min", Unit.MILLISECONDS),
    RESPONSE_AVG("response_time_avg", Unit.MILLISECONDS),
    RESPONSE_MAX("response_time_max", Unit.MILLISECONDS),
    RESPONSE_PERCENTILE("response_time_p", Unit.MILLISECONDS),
    SERVICE_MIN("service_time_min", Unit.MILLISECONDS),
    SERVICE_AVG("service_time_avg", Unit.MILLISECONDS),
    SERVICE_MAX("service_time_max", Unit.MILLISECONDS),
    SERVICE_PERCENTILE("service_time_p", Unit.MILLISECONDS),
    LATENESS_AVG("lateness_avg", Unit.MILLISECONDS),
    LATENESS_MAX("lateness_max", Unit.MILLISECONDS),
    FIRST_BYTE_AVG("first_byte_avg", Unit.MILLISECONDS),
    CONNECT_AVG("connect_avg", Unit.MILLISECONDS),
    ERROR_RATE("error_rate", Unit.PERCENT),
    STATUS_SHARE("status_", Unit.PERCENT),
    THROUGHPUT("throughput", Unit.PER_SECOND),
    REQUESTS("requests", Unit.COUNT),
    ERRORS("errors", Unit.COUNT),
    ACTIVE_USERS("active_users", Unit.COUNT),
    CPU_PERCENT("cpu_percent", Unit.PERCENT),
    MEMORY_MB("memory_mb", Unit.MEBIBYTES);

    private final String stem;
    private final Unit unit;

    Kind(String stem, Unit unit) {
      this.stem = stem;
      this.unit = unit;
    }

    String stem() {
      return stem;
    }

    /** Whether its name goes on with an argument. */
    boolean hasArgument() {
      return this == RESPONSE_PERCENTILE || this == SERVICE_PERCENTILE || this == STATUS_SHARE;
    }
  }

  static Metric of(Kind kind) {
    return new Metric(kind.stem(), kind, 0);
  }

  static Metric percentile(Kind kind, double percent) {
    // The requirements' own name for the one percentile with a fraction that everyone uses.
    String digits = percent == 99.9 ? "999" : Numbers.plain(percent);
    return new Metric(kind.stem() + digits, kind, percent);
  }

  /** A status such as 503, or a class of them written as its first digit, such as 5. */
  static Metric status(int status) {
    String digits = isStatusClass(status) ? status + "xx" : Integer.toString(status);
    return new Metric(Kind.STATUS_SHARE.stem() + digits, Kind.STATUS_SHARE, status);
  }

  private static boolean isStatusClass(int status) {
    return status >= 1 && status <= 5;
  }

  public Unit unit() {
    return kind.unit;
  }

  /** As short as people write it; parses back to the same metric. */
  public String shortName() {
    return switch (kind) {
      case RESPONSE_MIN, RESPONSE_AVG, RESPONSE_MAX, RESPONSE_PERCENTILE ->
          name.substring("response_time_".length());
      case STATUS_SHARE -> "status " + name.substring("status_".length());
      default -> name;
    };
  }

  /** Whether its value grows with how much of a window the run covers. */
  public boolean needsWholeWindow() {
    return kind == Kind.THROUGHPUT || kind == Kind.REQUESTS;
  }

  /**
   * How many requests a window needs by default before this metric says anything: for a percentile
   * enough that the slowest alone does not decide it, at most 100.
   */
  public long defaultMinRequests() {
    return switch (kind) {
      case RESPONSE_PERCENTILE, SERVICE_PERCENTILE ->
          argument >= 99 ? 100 : (long) Math.ceil(100 / (100 - argument));
      case THROUGHPUT, REQUESTS, ERRORS, ACTIVE_USERS, CPU_PERCENT, MEMORY_MB -> 0;
      default -> 1;
    };
  }

  /** Its value in its unit; NaN when it was not measured. */
  public double of(Measurements measured) {
    return switch (kind) {
      case THROUGHPUT -> measured.throughput();
      case REQUESTS -> measured.requests();
      case ERRORS -> measured.errors();
      case ACTIVE_USERS -> measured.activeUsers();
      case CPU_PERCENT -> measured.cpuPercent();
      case MEMORY_MB -> measured.memoryMb();
      default -> measured.requests() == 0 ? Double.NaN : ofRequests(measured);
    };
  }

  private double ofRequests(Measurements measured) {
    return switch (kind) {
      case ERROR_RATE -> 100.0 * measured.errors() / measured.requests();
      case STATUS_SHARE -> statusShare(measured);
      case LATENESS_AVG -> measured.latenessMeanMicros() / MICROS_PER_MILLI;
      case LATENESS_MAX -> measured.latenessMaxMicros() / MICROS_PER_MILLI;
      case FIRST_BYTE_AVG -> measured.firstByteMeanMicros() / MICROS_PER_MILLI;
      case CONNECT_AVG -> measured.connectMeanMicros() / MICROS_PER_MILLI;
      case RESPONSE_MIN, RESPONSE_AVG, RESPONSE_MAX, RESPONSE_PERCENTILE ->
          ofTimes(measured.responseTime()) / MICROS_PER_MILLI;
      default -> ofTimes(measured.serviceTime()) / MICROS_PER_MILLI;
    };
  }

  private double ofTimes(Times times) {
    return switch (kind) {
      case RESPONSE_MIN, SERVICE_MIN -> times.minMicros();
      case RESPONSE_AVG, SERVICE_AVG -> times.meanMicros();
      case RESPONSE_MAX, SERVICE_MAX -> times.maxMicros();
      default -> times.percentileMicros(argument);
    };
  }

  private double statusShare(Measurements measured) {
    int status = (int) argument;
    long requests =
        isStatusClass(status)
            ? measured.requestsWithStatus(100 * status, 100 * status + 99)
            : measured.requestsWithStatus(status, status);
    return requests == Measurements.UNKNOWN ? Double.NaN : 100.0 * requests / measured.requests();
  }
}
