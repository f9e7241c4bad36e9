package io.tailrace.embedded;

/** A request that is answered with an error of the registry protocol: an HTTP status and a code. */
final class Refusal extends RuntimeException {
  private static final long serialVersionUID = 1L;

  private final int status;
  private final int code;

  private Refusal(int status, int code, String message) {
    super(message);
    this.status = status;
    this.code = code;
  }

  int status() {
    return status;
  }

  int code() {
    return code;
  }

  static Refusal badRequest(String message) {
    return new Refusal(400, 400, message);
  }

  static Refusal noSuchPath(String path) {
    return new Refusal(404, 404, "No such path: " + path);
  }

  static Refusal methodNotAllowed(String method, String path) {
    return new Refusal(405, 405, "%s is not possible on %s".formatted(method, path));
  }

  static Refusal incompatible(String subject, String why) {
    return new Refusal(
        409,
        409,
        "Schema being registered is incompatible with an earlier schema for subject \"%s\": %s"
            .formatted(subject, why));
  }

  static Refusal tooLarge(int limit) {
    return new Refusal(413, 413, "The request body is larger than %d bytes".formatted(limit));
  }

  static Refusal subjectNotFound(String subject) {
    return new Refusal(404, 40401, "Subject '%s' not found.".formatted(subject));
  }

  static Refusal versionNotFound(Object version) {
    return new Refusal(404, 40402, "Version %s not found.".formatted(version));
  }

  static Refusal schemaNotFound() {
    return new Refusal(404, 40403, "Schema not found");
  }

  static Refusal schemaIdNotFound(Object id) {
    return new Refusal(404, 40403, "Schema %s not found".formatted(id));
  }

  static Refusal subjectSoftDeleted(String subject) {
    return new Refusal(404, 40404, "Subject '%s' was soft deleted already".formatted(subject));
  }

  static Refusal versionSoftDeleted(String subject, int version) {
    return new Refusal(
        404, 40406, "Subject '%s' Version %d was soft deleted already".formatted(subject, version));
  }

  static Refusal noCompatibilityOfItsOwn(String subject) {
    return new Refusal(
        404,
        40408,
        "Subject '%s' does not have subject-level compatibility configured".formatted(subject));
  }

  static Refusal noModeOfItsOwn(String subject) {
    return new Refusal(
        404, 40409, "Subject '%s' does not have subject-level mode configured".formatted(subject));
  }

  static Refusal invalidSchema(String why) {
    return new Refusal(422, 42201, "Invalid schema: " + why);
  }

  static Refusal invalidVersion(String version) {
    return new Refusal(
        422,
        42202,
        "The specified version '%s' is not a valid version id. Allowed values are between [1, 2^31-1] and the string \"latest\""
            .formatted(version));
  }

  static Refusal invalidCompatibility(Object level) {
    return new Refusal(
        422,
        42203,
        "Invalid compatibility level %s. Valid values are none, backward, forward, full, backward_transitive, forward_transitive, and full_transitive"
            .formatted(level));
  }

  static Refusal invalidMode(Object mode) {
    return new Refusal(
        422, 42204, "Invalid mode %s. Valid values are READWRITE and READONLY".formatted(mode));
  }

  static Refusal notPermitted(String why) {
    return new Refusal(422, 42205, why);
  }

  static Refusal invalidSubject(String subject) {
    return new Refusal(422, 42208, "The specified subject '%s' is not valid".formatted(subject));
  }

  static Refusal storeUnavailable(String why) {
    return new Refusal(500, 50001, "Error in the backend data store: " + why);
  }

  static Refusal storeTimedOut(String why) {
    return new Refusal(500, 50002, "Operation timed out: " + why);
  }
}
