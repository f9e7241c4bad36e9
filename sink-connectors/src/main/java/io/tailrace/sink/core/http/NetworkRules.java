package io.tailrace.sink.core.http;

import io.tailrace.objective.Glob;
import java.net.Inet4Address;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/**
 * Where a sink's requests may go. A host that the configuration names is the user's own choice and
 * may be private; one that a template made must be among the allowed hosts, or public where none
 * are named. The metadata services of clouds, which hand out credentials, are never reached.
 */
public record NetworkRules(List<Glob> allowedHosts) {
  public static final NetworkRules DEFAULT = new NetworkRules(List.of());

  /** Metadata services that are not link-local: Alibaba's, Oracle's, Azure's wire server, EC2's. */
  private static final Set<String> METADATA =
      Set.of(
          "100.100.100.200",
          "192.0.0.192",
          "168.63.129.16",
          "fd00:ec2:0:0:0:0:0:254",
          "fd20:ce:0:0:0:0:0:254");

  private static final Set<String> METADATA_NAMES =
      Set.of("metadata.google.internal", "instance-data.ec2.internal");

  /** An address to some, such as 0xA9FEA9FE, and no name to anybody. */
  private static final Pattern ENDS_IN_A_NUMBER =
      Pattern.compile("(^|\\.)(0[xX][0-9a-fA-F]*|[0-9]+)\\.?$");

  private static final int EMBEDDED_IN_LAST = 12;

  public NetworkRules {
    allowedHosts = List.copyOf(allowedHosts);
  }

  /** Why no request may go there, if so. */
  Optional<String> refusal(String host, InetAddress address, boolean rendered) {
    if (isMetadata(address)) {
      return Optional.of(host + " is " + address.getHostAddress() + ", a metadata address");
    }
    if (!rendered) {
      return Optional.empty();
    }
    if (!allowedHosts.isEmpty()) {
      return notAllowed(host);
    }
    return isPrivate(address)
        ? Optional.of(
            host + " is a private address that a template led to; name it in allowed_hosts")
        : Optional.empty();
  }

  /** Likewise where only a proxy knows the address. */
  Optional<String> refusal(String host, boolean rendered) {
    if (METADATA_NAMES.contains(host.toLowerCase(Locale.ROOT))) {
      return Optional.of(host + " is a metadata service");
    }
    if (ENDS_IN_A_NUMBER.matcher(host).find()) {
      return Optional.of(host + " may be another spelling of a metadata address; write it plainly");
    }
    if (!rendered) {
      return Optional.empty();
    }
    return allowedHosts.isEmpty()
        ? Optional.of(
            host + " is not known here and a template led to it; name it in allowed_hosts")
        : notAllowed(host);
  }

  private Optional<String> notAllowed(String host) {
    String name = host.toLowerCase(Locale.ROOT);
    return allowedHosts.stream().anyMatch(allowed -> allowed.matches(name))
        ? Optional.empty()
        : Optional.of(host + " is not among network.allowed_hosts");
  }

  private static boolean isMetadata(InetAddress address) {
    InetAddress plain = embedded(address).orElse(address);
    return plain.isLinkLocalAddress()
        || plain.isMulticastAddress()
        || METADATA.contains(plain.getHostAddress());
  }

  private static boolean isPrivate(InetAddress address) {
    InetAddress plain = embedded(address).orElse(address);
    byte first = plain.getAddress()[0];
    boolean uniqueLocal = !(plain instanceof Inet4Address) && (first & 0xFE) == 0xFC;
    return plain.isLoopbackAddress()
        || plain.isSiteLocalAddress()
        || plain.isAnyLocalAddress()
        || uniqueLocal;
  }

  /** The IPv4 address inside an IPv6 one that leads to it: compatible, translated, NAT64, 6to4. */
  private static Optional<InetAddress> embedded(InetAddress address) {
    byte[] bytes = address.getAddress();
    if (bytes.length != 16) {
      return Optional.empty();
    }
    int from = -1;
    if (startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0) && bytes[8] == 0 && bytes[9] == 0) {
      from = isLow(bytes) ? -1 : EMBEDDED_IN_LAST;
    } else if (startsWith(bytes, 0x00, 0x64, 0xFF, 0x9B)) {
      from = EMBEDDED_IN_LAST;
    } else if (startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF, 0, 0)) {
      from = EMBEDDED_IN_LAST;
    } else if (startsWith(bytes, 0x20, 0x02)) {
      from = 2;
    }
    if (from < 0) {
      return Optional.empty();
    }
    try {
      return Optional.of(InetAddress.getByAddress(Arrays.copyOfRange(bytes, from, from + 4)));
    } catch (UnknownHostException e) {
      throw new IllegalStateException("four bytes are an address", e);
    }
  }

  /** {@code ::} and {@code ::1} are addresses of their own. */
  private static boolean isLow(byte[] bytes) {
    return startsWith(bytes, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0)
        && (bytes[15] & 0xFF) <= 1;
  }

  private static boolean startsWith(byte[] bytes, int... prefix) {
    for (int i = 0; i < prefix.length; i++) {
      if ((bytes[i] & 0xFF) != prefix[i]) {
        return false;
      }
    }
    return true;
  }
}
