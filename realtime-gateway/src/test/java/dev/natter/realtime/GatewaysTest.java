package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.PresenceEvent;
import dev.natter.contracts.Subjects;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;

/** Some gateways on a network that loses, repeats and reorders, some of which die: at last all know who is online. */
class GatewaysTest {
    private static final int GATEWAYS = 3;
    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(250);
    private static final PresenceConfig CONFIG =
            new PresenceConfig(50, 500, Duration.ofSeconds(1), Duration.ofSeconds(1), Duration.ofSeconds(2), 3);

    private final List<UUID> users = Stream.generate(UUID::randomUUID).limit(6).toList();
    private final List<Node> nodes = new ArrayList<>();
    private final List<Runnable> underWay = new ArrayList<>();
    private Random random;
    private double loss;
    private long now;

    private final class Node {
        private final Guests guests = new Guests(CONFIG.grace().toNanos(), CONFIG.remembered());
        private final Map<UUID, Watch> watches = new HashMap<>();
        private final Gateways gateways = new Gateways(CONFIG, this::tell, guests, watches, now);
        private final Map<UUID, Integer> open = new HashMap<>();

        private void tell(String subject, PresenceEvent event) {
            for (Node node : nodes) {
                if (subject.equals(Subjects.PRESENCE) || subject.equals(Subjects.presence(node.gateways.name()))) {
                    for (int copies = copies(); copies > 0; copies--) {
                        underWay.add(() -> node.take(event));
                    }
                }
            }
        }

        private void take(PresenceEvent event) {
            if (nodes.contains(this)) {
                gateways.take(event, now);
            }
        }

        void tick() {
            guests.leave(now).forEach(gateways::went);
            gateways.tick(now);
        }

        void come(UUID user) {
            open.merge(user, 1, Integer::sum);
            if (guests.came(user)) {
                gateways.came(user);
            }
        }

        void leave(UUID user) {
            if (open.getOrDefault(user, 0) > 0) {
                open.merge(user, -1, Integer::sum);
                guests.left(user, now, Instant.ofEpochSecond(0, now));
            }
        }

        void watch(UUID user) {
            watches.computeIfAbsent(user, _ -> {
                var watch = new Watch(user, guests.has(user), guests.lastSeen(user), now);
                gateways.wonder(watch);
                return watch;
            });
        }

        boolean believes(UUID user) {
            return guests.has(user) || watches.get(user).isElsewhere();
        }
    }

    @Property(tries = 1000)
    void atLastAllKnowWhoIsOnline(@ForAll long seed) {
        random = new Random(seed);
        nodes.clear();
        underWay.clear();
        now = seed;
        for (int i = 0; i < GATEWAYS; i++) {
            nodes.add(new Node());
        }

        loss = 0.2;
        for (int i = 0; i < 300; i++) {
            act();
        }
        loss = 0;
        for (int i = 0; i < 80; i++) {
            pass();
        }

        for (Node node : nodes) {
            node.watches.values().forEach(watch -> {
                boolean online = nodes.stream().anyMatch(any -> any.open.getOrDefault(watch.userId(), 0) > 0);
                assertThat(watch.isSettled()).isTrue();
                assertThat(node.believes(watch.userId()))
                        .as("%s, of %s", node.gateways.name(), watch.userId())
                        .isEqualTo(online);
            });
        }
    }

    private void act() {
        Node node = nodes.get(random.nextInt(nodes.size()));
        UUID user = users.get(random.nextInt(users.size()));
        switch (random.nextInt(12)) {
            case 0, 1 -> node.come(user);
            case 2, 3 -> node.leave(user);
            case 4 -> node.watch(user);
            case 5 -> node.watches.remove(user);
            case 6 -> node.gateways.askAround(now);
            case 7 -> node.gateways.doubt(now);
            case 8 -> {
                if (random.nextInt(6) == 0) {
                    nodes.remove(node);
                    nodes.add(new Node());
                }
            }
            default -> pass();
        }
    }

    /** A moment passes, in which some of what is under way arrives, in any order. */
    private void pass() {
        now += STEP;
        nodes.forEach(Node::tick);
        Collections.shuffle(underWay, random);
        int arriving = loss == 0 ? underWay.size() : random.nextInt(underWay.size() + 1);
        List<Runnable> some = new ArrayList<>(underWay.subList(0, arriving));
        underWay.subList(0, arriving).clear();
        some.forEach(Runnable::run);
    }

    private int copies() {
        return random.nextDouble() < loss ? 0 : random.nextDouble() < loss ? 2 : 1;
    }
}
