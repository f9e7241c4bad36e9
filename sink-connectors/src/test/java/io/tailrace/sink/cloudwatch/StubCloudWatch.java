package io.tailrace.sink.cloudwatch;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.dataformat.cbor.CBORFactory;
import com.fasterxml.jackson.dataformat.cbor.databind.CBORMapper;
import io.tailrace.sink.contract.StubTarget.Answer;
import io.tailrace.sink.contract.StubTarget.Request;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Predicate;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * CloudWatch as its API reference describes it: verifies the signature of every request, reads
 * rpc-v2-cbor to the last byte, and holds every limit. Adds up what it is sent.
 *
 * @see <a
 *     href="https://docs.aws.amazon.com/AmazonCloudWatch/latest/APIReference/API_PutMetricData.html">PutMetricData</a>
 * @see <a href="https://smithy.io/2.0/additional-specs/protocols/smithy-rpc-v2.html">Smithy RPC v2
 *     CBOR</a>
 */
final class StubCloudWatch {
  static final String KEY_ID = "AKIDEXAMPLE";
  static final String SECRET = "wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY";

  private static final String OPERATIONS = "/service/GraniteServiceVersion20100801/operation/";
  private static final DateTimeFormatter SIGNED_AT =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.US)
          .withZone(ZoneOffset.UTC);
  private static final ObjectMapper CBOR = new CBORMapper(new CBORFactory());
  private static final int LARGEST_BODY = 1_000_000;
  private static final Pattern PRINTABLE = Pattern.compile("[ -~]+");
  private static final Set<String> UNITS =
      Set.of(
          "Seconds",
          "Microseconds",
          "Milliseconds",
          "Bytes",
          "Kilobytes",
          "Megabytes",
          "Gigabytes",
          "Terabytes",
          "Bits",
          "Kilobits",
          "Megabits",
          "Gigabits",
          "Terabits",
          "Percent",
          "Count",
          "Bytes/Second",
          "Kilobytes/Second",
          "Megabytes/Second",
          "Gigabytes/Second",
          "Terabytes/Second",
          "Bits/Second",
          "Kilobits/Second",
          "Megabits/Second",
          "Gigabits/Second",
          "Terabits/Second",
          "Count/Second",
          "None");

  /** What one request put. */
  record Put(int data, int bytes) {}

  /** One metric at one time: each value, and how often it was put. */
  record Point(String metric, Map<String, String> dimensions, String unit, Instant at) {}

  /** The service's own refusal. */
  private static final class Refusal extends RuntimeException {
    private static final long serialVersionUID = 1;
    private final int status;
    private final String code;

    Refusal(int status, String code, String message) {
      super(message);
      this.status = status;
      this.code = code;
    }
  }

  private final Map<String, String> keys = new HashMap<>(Map.of(KEY_ID, SECRET));
  private final Map<Point, Map<Double, Double>> points = new LinkedHashMap<>();
  private final Map<String, JsonNode> alarms = new TreeMap<>();
  private final List<Put> puts = new CopyOnWriteArrayList<>();
  private final List<Refusal> next = new ArrayList<>();
  private Predicate<Point> refused = point -> false;
  private Duration skew = Duration.ZERO;
  private @Nullable String expired;
  private boolean refusesAlarms;

  /** Another pair of keys that signs. */
  synchronized StubCloudWatch trusting(String keyId, String secret) {
    keys.put(keyId, secret);
    return this;
  }

  synchronized void expire(@Nullable String keyId) {
    expired = keyId;
  }

  /** How far its clock is ahead of everybody else's. */
  synchronized void skew(Duration ahead) {
    skew = ahead;
  }

  /** The next request that is signed correctly is answered so, and not done. */
  synchronized void refuseNext(int status, String code) {
    next.add(new Refusal(status, code, "as the test said"));
  }

  /** The keys have no right to put alarms. */
  synchronized void refuseAlarms(boolean refuse) {
    refusesAlarms = refuse;
  }

  synchronized void refuse(Predicate<Point> points) {
    refused = points;
  }

  synchronized Map<Point, Map<Double, Double>> points() {
    return new LinkedHashMap<>(points);
  }

  synchronized Map<String, JsonNode> alarms() {
    return new TreeMap<>(alarms);
  }

  List<Put> puts() {
    return List.copyOf(puts);
  }

  private Instant now() {
    return Clock.systemUTC().instant().plus(skew);
  }

  synchronized Answer answer(Request request) throws IOException {
    Answer answer;
    try {
      answer = respond(request);
    } catch (Refusal e) {
      answer = refusal(e);
    } catch (IllegalArgumentException e) {
      answer = refusal(new Refusal(400, "InvalidParameterValue", String.valueOf(e.getMessage())));
    }
    return answer
        .withHeader("Date", HTTP_DATE.format(now()))
        .withHeader("x-amzn-RequestId", "2e1a-4b");
  }

  private Answer respond(Request request) throws IOException {
    if (!request.is("POST", request.path()) || !request.path().startsWith(OPERATIONS)) {
      return Answer.untaught(404, "no such path");
    }
    verify(request);
    if (!next.isEmpty()) {
      throw next.remove(0);
    }
    if (!request.header("smithy-protocol").equals("rpc-v2-cbor")
        || !request.header("content-type").equals("application/cbor")) {
      return refusal(new Refusal(400, "UnknownOperationException", "which protocol is this?"))
          .asUntaught();
    }
    if (request.body().length > LARGEST_BODY) {
      throw new Refusal(413, "RequestEntityTooLarge", request.body().length + " bytes");
    }
    Members input = new Members(decoded(request.body()), "input");
    String operation = request.path().substring(OPERATIONS.length());
    ObjectNode output = JsonNodeFactory.instance.objectNode();
    switch (operation) {
      case "PutMetricData" -> putMetricData(input, request.body().length);
      case "PutMetricAlarm" -> putMetricAlarm(input);
      case "ListMetrics" -> {
        requireLength(input.text("Namespace"), 1, 255);
        output.putArray("Metrics");
      }
      case "DescribeAlarms" -> {
        double most = input.number("MaxRecords");
        if (most < 1 || most > 100) {
          throw new IllegalArgumentException("MaxRecords " + most);
        }
        output.putArray("MetricAlarms");
      }
      default -> {
        return refusal(new Refusal(404, "UnknownOperationException", operation)).asUntaught();
      }
    }
    input.end();
    return cbor(200, output);
  }

  private static JsonNode decoded(byte[] body) throws IOException {
    try (var parser = CBOR.createParser(body)) {
      JsonNode tree = CBOR.readTree(parser);
      if (tree == null || parser.nextToken() != null) {
        throw new Refusal(400, "SerializationException", "bytes behind the document");
      }
      return tree;
    }
  }

  private void verify(Request request) {
    SignatureV4 signature = SignatureV4.read(request.header("authorization"));
    String secret = keys.get(signature.keyId());
    if (secret == null) {
      throw new Refusal(403, "InvalidClientTokenId", "The security token is invalid.");
    }
    String date = request.header("x-amz-date");
    List<String> scope = List.of(date.substring(0, 8), "us-west-2", "monitoring", "aws4_request");
    if (!signature.scope().equals(scope)
        || !signature.signedHeaders().containsAll(List.of("host", "x-amz-date"))
        || !signature.isRight(
            secret,
            request.method(),
            request.path(),
            request.query(),
            request.headers(),
            request.packed())) {
      throw new Refusal(403, "SignatureDoesNotMatch", "signed " + request.headers());
    }
    Instant signedAt = SIGNED_AT.parse(date, Instant::from);
    if (Duration.between(signedAt, now()).abs().compareTo(Duration.ofMinutes(15)) > 0) {
      throw new Refusal(
          403, "SignatureDoesNotMatch", "Signature expired: " + date + ", it is " + now());
    }
    if (signature.keyId().equals(expired)) {
      throw new Refusal(403, "ExpiredToken", "The security token included is expired.");
    }
  }

  private void putMetricData(Members input, int bytes) {
    requireNamespace(input.text("Namespace"));
    List<JsonNode> data = input.list("MetricData");
    if (data.isEmpty() || data.size() > 1_000) {
      throw new IllegalArgumentException("MetricData must have 1 to 1000 members");
    }
    List<Map.Entry<Point, Map<Double, Double>>> decoded = new ArrayList<>();
    for (JsonNode each : data) {
      decoded.add(datum(new Members(each, "MetricDatum")));
    }
    decoded.forEach(
        each -> {
          Map<Double, Double> sums =
              points.computeIfAbsent(each.getKey(), unused -> new TreeMap<>());
          each.getValue().forEach((value, count) -> sums.merge(value, count, Double::sum));
        });
    puts.add(new Put(data.size(), bytes));
  }

  private static void requireNamespace(String namespace) {
    if (!namespace.matches("[A-Za-z0-9._/#: -]{1,255}")
        || namespace.startsWith(":")
        || namespace.startsWith("AWS/")) {
      throw new IllegalArgumentException("Namespace " + namespace);
    }
  }

  private Map.Entry<Point, Map<Double, Double>> datum(Members datum) {
    String name = datum.text("MetricName");
    requireText(name, 255);
    String unit = datum.text("Unit");
    if (!UNITS.contains(unit)) {
      throw new IllegalArgumentException("Unit " + unit);
    }
    double resolution = datum.number("StorageResolution");
    if (resolution != 1 && resolution != 60) {
      throw new IllegalArgumentException("StorageResolution " + resolution);
    }
    Instant at = Instant.ofEpochMilli(Math.round(datum.number("Timestamp") * 1_000));
    if (at.isBefore(now().minus(Duration.ofDays(14))) || at.isAfter(now().plusSeconds(7_200))) {
      throw new IllegalArgumentException("Timestamp " + at);
    }
    Point point = new Point(name, dimensions(datum.list("Dimensions")), unit, at);
    Map<Double, Double> values = values(datum);
    datum.end();
    if (refused.test(point)) {
      throw new IllegalArgumentException("as the test said");
    }
    return Map.entry(point, values);
  }

  private static Map<Double, Double> values(Members datum) {
    Map<Double, Double> values = new TreeMap<>();
    if (datum.has("Value")) {
      values.put(finite(datum.number("Value")), 1.0);
      return values;
    }
    List<JsonNode> each = datum.list("Values");
    List<JsonNode> counts = datum.list("Counts");
    if (each.isEmpty() || each.size() > 150 || each.size() != counts.size()) {
      throw new IllegalArgumentException(each.size() + " Values, " + counts.size() + " Counts");
    }
    for (int i = 0; i < each.size(); i++) {
      double count = finite(counts.get(i).doubleValue());
      if (count <= 0 || values.put(finite(each.get(i).doubleValue()), count) != null) {
        throw new IllegalArgumentException("a value twice, or a count of " + count);
      }
    }
    return values;
  }

  private static double finite(double value) {
    if (!(Math.abs(value) <= 0x1p360)) {
      throw new IllegalArgumentException("a value of " + value);
    }
    return value;
  }

  private static Map<String, String> dimensions(List<JsonNode> list) {
    if (list.size() > 30) {
      throw new IllegalArgumentException(list.size() + " dimensions");
    }
    Map<String, String> dimensions = new LinkedHashMap<>();
    for (JsonNode each : list) {
      Members dimension = new Members(each, "Dimension");
      String name = dimension.text("Name");
      String value = dimension.text("Value");
      dimension.end();
      requireText(name, 255);
      requireText(value, 1_024);
      if (dimensions.put(name, value) != null) {
        throw new IllegalArgumentException("dimension " + name + " twice");
      }
    }
    return dimensions;
  }

  private static void requireText(String text, int longest) {
    if (text.isBlank()
        || text.length() > longest
        || text.startsWith(":")
        || !PRINTABLE.matcher(text).matches()) {
      throw new IllegalArgumentException("\"" + text + "\" is no name or value");
    }
  }

  private void putMetricAlarm(Members input) {
    if (refusesAlarms) {
      throw new Refusal(403, "AccessDenied", "not authorized to perform cloudwatch:PutMetricAlarm");
    }
    String name = input.text("AlarmName");
    ObjectNode alarm = (ObjectNode) input.node();
    requireNamespace(input.text("Namespace"));
    requireText(input.text("MetricName"), 255);
    Map<String, String> unused = dimensions(input.list("Dimensions"));
    int period = (int) input.number("Period");
    int periods = (int) input.number("EvaluationPeriods");
    boolean isShort = Set.of(10, 20, 30).contains(period);
    if (name.isEmpty()
        || name.length() > 255
        || !(isShort || (period > 0 && period % 60 == 0))
        || periods < 1
        || (long) period * periods > (period < 3_600 ? 86_400 : 604_800)
        || input.number("DatapointsToAlarm") < 1
        || input.number("DatapointsToAlarm") > periods) {
      throw new IllegalArgumentException(alarm.toString());
    }
    requireOneOf(
        input.text("ComparisonOperator"),
        "GreaterThanThreshold|GreaterThanOrEqualToThreshold|LessThanThreshold"
            + "|LessThanOrEqualToThreshold");
    requireOneOf(input.text("TreatMissingData"), "notBreaching|breaching|ignore|missing");
    if (input.has("ExtendedStatistic") == input.has("Statistic")) {
      throw new IllegalArgumentException("either Statistic or ExtendedStatistic");
    }
    if (input.has("Statistic")) {
      requireOneOf(input.text("Statistic"), "SampleCount|Average|Sum|Minimum|Maximum");
    } else {
      requireOneOf(input.text("ExtendedStatistic"), "p(\\d{1,2}(\\.\\d{0,10})?|100)");
    }
    finite(input.number("Threshold"));
    requireLength(input.text("AlarmDescription"), 0, 1_024);
    for (String actions : List.of("AlarmActions", "OKActions")) {
      List<JsonNode> list = input.list(actions);
      if (list.size() > 5) {
        throw new IllegalArgumentException(list.size() + " " + actions);
      }
      list.forEach(each -> requireLength(each.asText(), 1, 1_024));
    }
    input.flag("ActionsEnabled");
    alarms.put(name, alarm);
  }

  private static void requireLength(String text, int shortest, int longest) {
    if (text.length() < shortest || text.length() > longest) {
      throw new IllegalArgumentException(text.length() + " characters");
    }
  }

  private static void requireOneOf(String value, String pattern) {
    if (!value.matches(pattern)) {
      throw new IllegalArgumentException(value);
    }
  }

  private static Answer refusal(Refusal refusal) throws IOException {
    ObjectNode error = JsonNodeFactory.instance.objectNode();
    error.put("__type", "com.amazonaws.cloudwatch#" + refusal.code);
    error.put("message", refusal.getMessage());
    return cbor(refusal.status, error)
        .withHeader(
            "x-amzn-query-error", refusal.code + (refusal.status < 500 ? ";Sender" : ";Receiver"));
  }

  private static Answer cbor(int status, JsonNode body) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    CBOR.writeValue(bytes, body);
    return Answer.bytes(status, bytes.toByteArray())
        .withHeader("smithy-protocol", "rpc-v2-cbor")
        .withHeader("Content-Type", "application/cbor");
  }

  /** A structure, of which every member must be asked for. */
  private static final class Members {
    private final JsonNode node;
    private final String what;
    private final Set<String> unread = new java.util.TreeSet<>();

    Members(JsonNode node, String what) {
      if (!node.isObject()) {
        throw new Refusal(400, "SerializationException", what + " is no structure");
      }
      this.node = node;
      this.what = what;
      node.fieldNames().forEachRemaining(unread::add);
    }

    JsonNode node() {
      return node;
    }

    boolean has(String name) {
      return node.has(name);
    }

    void flag(String name) {
      JsonNode unused = member(name, JsonNode::isBoolean);
    }

    String text(String name) {
      return member(name, JsonNode::isTextual).textValue();
    }

    double number(String name) {
      return member(name, JsonNode::isNumber).doubleValue();
    }

    List<JsonNode> list(String name) {
      List<JsonNode> items = new ArrayList<>();
      member(name, JsonNode::isArray).forEach(items::add);
      return items;
    }

    private JsonNode member(String name, Predicate<JsonNode> type) {
      unread.remove(name);
      JsonNode member = node.get(name);
      if (member == null) {
        throw new Refusal(400, "MissingParameter", what + " has no " + name);
      }
      if (!type.test(member)) {
        throw new Refusal(400, "SerializationException", what + "." + name + " is " + member);
      }
      return member;
    }

    void end() {
      if (!unread.isEmpty()) {
        throw new Refusal(400, "ValidationError", what + " has unknown members " + unread);
      }
    }
  }
}
