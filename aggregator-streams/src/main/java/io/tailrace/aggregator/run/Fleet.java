package io.tailrace.aggregator.run;

import io.tailrace.aggregator.window.ByteReader;
import io.tailrace.aggregator.window.ByteWriter;
import io.tailrace.aggregator.window.LiveWindow;
import io.tailrace.record.NodeHealth;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The nodes of one run, and up to when all of them have said everything. */
final class Fleet {
  /** A moment before all others: windows have to wait. */
  static final long WAIT = Long.MIN_VALUE;

  /** A moment after all others: there is nobody to wait for. */
  static final long NOBODY = Long.MAX_VALUE;

  private static final int LIVES_PER_BLOCK = 256;

  private final RunRules rules;
  private final List<NodeLife> lives = new ArrayList<>();
  private final Map<String, List<NodeLife>> byNode = new HashMap<>();
  private int expected;
  private boolean holding = true;
  private long holdUntilMicros;

  // The earliest moment at which somebody may be missing; a lower bound is enough.
  private long deadlineMicros = WAIT;
  private long promisedMicros = WAIT;
  private boolean promiseKnown;

  // A life that holds the others at the promise; when it goes on, the next such one is looked for.
  private int holder;

  Fleet(RunRules rules, long firstAppendMicros) {
    this.rules = rules;
    holdUntilMicros = firstAppendMicros + rules.holdMicros();
  }

  List<NodeLife> lives() {
    return lives;
  }

  int nodesJoined() {
    return byNode.size();
  }

  /** Nodes that should take part: those that were announced, and any beyond. */
  int nodesExpected() {
    return Math.max(expected, byNode.size());
  }

  void expect(int nodes) {
    expected = Math.max(expected, nodes);
  }

  boolean isFull() {
    return lives.size() >= rules.mostLives();
  }

  @Nullable NodeLife find(String node, long epochMicros) {
    List<NodeLife> known = byNode.get(node);
    if (known != null) {
      for (NodeLife life : known) {
        if (life.epochMicros == epochMicros) {
          return life;
        }
      }
    }
    return null;
  }

  /** A new life; one that the same node led before is over. */
  NodeLife open(String node, long epochMicros) {
    NodeLife life = new NodeLife(lives.size(), node, epochMicros);
    List<NodeLife> before = byNode.computeIfAbsent(node, absent -> new ArrayList<>(1));
    before.forEach(earlier -> earlier.superseded = true);
    before.add(life);
    lives.add(life);
    promiseKnown = false;
    return life;
  }

  /** Notes that a life has spoken; true when it had been given up. */
  boolean hear(NodeLife life, long appendMicros) {
    life.lastAppendMicros = Math.max(life.lastAppendMicros, appendMicros);
    boolean returned = life.silent || (life.superseded && life.left == null);
    if (returned) {
      life.silent = false;
      life.superseded = false;
      promiseKnown = false;
      deadlineMicros = WAIT;
    }
    return returned;
  }

  /** Takes in how far a life has come. */
  void promise(NodeLife life, long watermarkMicros) {
    if (watermarkMicros > life.watermarkMicros) {
      boolean holds = promiseKnown && life.number == holder;
      life.watermarkMicros = watermarkMicros;
      // Only who holds the others up can move the fleet's promise, and only the last who does.
      if (holds && !isHeldByAnother()) {
        promiseKnown = false;
      }
    }
  }

  /** Nodes speak in turns, so that the next one to hold the others up is nearly always near. */
  private boolean isHeldByAnother() {
    for (int step = 1; step < lives.size(); step++) {
      NodeLife next = lives.get((holder + step) % lives.size());
      if (next.isLive() && next.watermarkMicros <= promisedMicros) {
        holder = next.number;
        return true;
      }
    }
    return false;
  }

  void leave() {
    promiseKnown = false;
  }

  /** Up to when every live node has said everything. */
  long promisedMicros() {
    if (holding) {
      return WAIT;
    }
    if (!promiseKnown) {
      long least = NOBODY;
      for (NodeLife life : lives) {
        if (life.isLive() && life.watermarkMicros < least) {
          least = life.watermarkMicros;
          holder = life.number;
        }
      }
      promisedMicros = least;
      promiseKnown = true;
    }
    return promisedMicros;
  }

  /** When somebody may next be found missing, by the log's time. */
  long deadlineMicros() {
    return deadlineMicros;
  }

  /**
   * Decides at a moment of the log who is silent, and whether to go on without those who never
   * joined.
   */
  void judge(long nowMicros, Consumer<NodeLife> onSilent, Runnable onMissing) {
    if (holding && byNode.size() >= Math.max(1, expected)) {
      holding = false;
      promiseKnown = false;
    }
    if (nowMicros < deadlineMicros) {
      return;
    }
    if (holding && nowMicros >= holdUntilMicros) {
      holding = false;
      promiseKnown = false;
      onMissing.run();
    }
    long next = holding ? holdUntilMicros : NOBODY;
    for (NodeLife life : lives) {
      if (!life.isLive()) {
        continue;
      }
      long deadline = life.lastAppendMicros + rules.silentAfterMicros();
      if (deadline <= nowMicros) {
        life.silent = true;
        promiseKnown = false;
        onSilent.accept(life);
      } else {
        next = Math.min(next, deadline);
      }
    }
    deadlineMicros = next;
  }

  /** Makes sure that {@link #judge} looks again. */
  void watch() {
    deadlineMicros = WAIT;
  }

  /** How many nodes will say nothing more about what ended before this moment. */
  int nodesPast(long micros) {
    int past = 0;
    for (List<NodeLife> node : byNode.values()) {
      NodeLife latest = node.get(node.size() - 1);
      if (latest.isPast(micros)) {
        past++;
      }
    }
    return past;
  }

  /** Whether a late window still waits for somebody who sent something for it. */
  boolean holdsUp(LiveWindow late) {
    for (int life = late.nextContributor(0); life >= 0; life = late.nextContributor(life + 1)) {
      if (lives.get(life).holdsUp(late.endMicros())) {
        return true;
      }
    }
    return false;
  }

  /** Sets what a window says of the nodes' health at its end. */
  void noteHealth(LiveWindow window) {
    int users = LiveWindow.UNKNOWN_USERS;
    for (NodeLife life : lives) {
      NodeHealth then = life.healthBefore(window.endMicros());
      if (then != null) {
        boolean gone = life.hasLeftBefore(window.endMicros());
        users = Math.max(0, users) + (gone ? 0 : then.getActiveUsers());
        window.noteHealth(LiveWindow.UNKNOWN_USERS, then.getCpuPercent(), then.getMemoryMb());
      }
    }
    window.setActiveUsers(users);
  }

  void forgetHealthBefore(long micros) {
    lives.forEach(life -> life.forgetHealthBefore(micros));
  }

  /** Nodes of which two lives were led at once. */
  Set<String> namesUsedTwice() {
    Set<String> twice = new HashSet<>();
    byNode.forEach(
        (node, led) -> {
          if (led.size() > 1 && led.stream().filter(life -> !life.superseded).count() > 1) {
            twice.add(node);
          }
        });
    return twice;
  }

  void save(StagedState state, StateKey key) {
    for (int from = 0; from < lives.size(); from += LIVES_PER_BLOCK) {
      ByteWriter block = new ByteWriter(LIVES_PER_BLOCK * 64);
      int to = Math.min(lives.size(), from + LIVES_PER_BLOCK);
      lives.subList(from, to).forEach(life -> life.writeTo(block));
      state.put(key.of(StateKey.LIVES, 0, from / LIVES_PER_BLOCK), block);
    }
  }

  void writeTo(ByteWriter header) {
    header.writeUnsigned(expected);
    header.writeBoolean(holding);
    header.writeLong(holdUntilMicros);
    header.writeUnsigned(lives.size());
  }

  static Fleet load(RunRules rules, ByteReader header, StagedState state, StateKey key) {
    Fleet fleet = new Fleet(rules, 0);
    fleet.expected = (int) header.readUnsigned();
    fleet.holding = header.readBoolean();
    fleet.holdUntilMicros = header.readLong();
    int count = (int) header.readUnsigned();
    for (int from = 0; from < count; from += LIVES_PER_BLOCK) {
      byte[] block = state.get(key.of(StateKey.LIVES, 0, from / LIVES_PER_BLOCK));
      if (block == null) {
        throw new IllegalStateException("the state of nodes " + from + " and on is missing");
      }
      ByteReader lives = new ByteReader(block);
      while (lives.hasMore()) {
        NodeLife life = NodeLife.readFrom(fleet.lives.size(), lives);
        fleet.lives.add(life);
        fleet.byNode.computeIfAbsent(life.node, absent -> new ArrayList<>(1)).add(life);
      }
    }
    return fleet;
  }
}
