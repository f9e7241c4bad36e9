package io.tailrace.sink.cloudwatch;

import java.net.URLDecoder;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * The receiving side of Signature Version 4, written from its description alone.
 *
 * @param scope date, region, service and aws4_request
 * @see <a
 *     href="https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html">Create
 *     a signed request</a>
 */
record SignatureV4(String keyId, List<String> scope, List<String> signedHeaders, String signature) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";

  /** Reads an Authorization header; an IllegalArgumentException says what is wrong with it. */
  static SignatureV4 read(String authorization) {
    if (!authorization.startsWith(ALGORITHM + " ")) {
      throw new IllegalArgumentException("expected " + ALGORITHM);
    }
    Map<String, String> parts =
        Arrays.stream(authorization.substring(ALGORITHM.length() + 1).split(",", -1))
            .map(part -> part.strip().split("=", 2))
            .collect(Collectors.toMap(part -> part[0], part -> part[1]));
    List<String> credential = List.of(parts.getOrDefault("Credential", "").split("/", -1));
    if (parts.size() != 3 || credential.size() != 5) {
      throw new IllegalArgumentException("expected Credential, SignedHeaders and Signature");
    }
    return new SignatureV4(
        credential.get(0),
        credential.subList(1, 5),
        List.of(parts.getOrDefault("SignedHeaders", "").split(";", -1)),
        parts.getOrDefault("Signature", ""));
  }

  boolean isRight(
      String secret,
      String method,
      String path,
      String query,
      Map<String, String> headers,
      byte[] body) {
    String canonical =
        String.join(
            "\n",
            method,
            canonicalPath(path),
            canonicalQuery(query),
            signedHeaders.stream()
                .map(name -> name + ":" + trimmed(headers.getOrDefault(name, "")) + "\n")
                .collect(Collectors.joining()),
            String.join(";", signedHeaders),
            hex(sha256(body)));
    String toSign =
        String.join(
            "\n",
            ALGORITHM,
            headers.getOrDefault("x-amz-date", ""),
            String.join("/", scope),
            hex(sha256(utf8(canonical))));
    byte[] key = utf8("AWS4" + secret);
    for (String part : scope) {
      key = hmac(key, part);
    }
    return MessageDigest.isEqual(utf8(hex(hmac(key, toSign))), utf8(signature));
  }

  private static String canonicalPath(String path) {
    return Arrays.stream(path.split("/", -1))
        .map(SignatureV4::encoded)
        .collect(Collectors.joining("/"));
  }

  private static String canonicalQuery(String query) {
    List<String> pairs = new ArrayList<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&", -1)) {
      String[] parts = pair.split("=", 2);
      String value = parts.length == 1 ? "" : parts[1];
      pairs.add(encoded(decoded(parts[0])) + "=" + encoded(decoded(value)));
    }
    return pairs.stream().sorted().collect(Collectors.joining("&"));
  }

  private static String decoded(String text) {
    return URLDecoder.decode(text, StandardCharsets.UTF_8);
  }

  private static String encoded(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8)
        .replace("+", "%20")
        .replace("*", "%2A")
        .replace("%7E", "~");
  }

  private static String trimmed(String value) {
    return value.strip().replaceAll(" +", " ");
  }

  private static byte[] hmac(byte[] key, String text) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(utf8(text));
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static byte[] sha256(byte[] bytes) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(bytes);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  private static String hex(byte[] bytes) {
    return HexFormat.of().formatHex(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
