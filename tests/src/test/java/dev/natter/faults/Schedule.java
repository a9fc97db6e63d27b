package dev.natter.faults;

import dev.natter.faults.Link.Mode;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What goes wrong, and when: all of it drawn from one seed. A deck of every kind is shuffled and dealt, then again; a
 * short hand with what matters most is dealt first, so that a short run is worth its while. Not thread-safe.
 */
final class Schedule {
    /** Longer than it takes to find out that NATS is silent: two pings of five seconds unanswered, and the next. */
    private static final int BEYOND_PINGS = 17_000;

    /**
     * Some faults at once.
     *
     * @param faults one or two
     * @param pauseMillis how long to leave all well before
     */
    record Step(List<Fault> faults, int pauseMillis) {}

    private final SplittableRandom random;
    private final List<String> services;
    private final List<String> gateways;
    private final String writer;
    private final Deque<Fault> deck = new ArrayDeque<>();

    /**
     * A schedule.
     *
     * @param shape how the services run
     * @param random where everything is drawn from
     */
    Schedule(Shape shape, SplittableRandom random) {
        this.random = random;
        boolean together = shape == Shape.TOGETHER;
        this.writer = together ? "natter" : "message-service";
        this.services = together
                ? List.of("natter")
                : List.of("auth-service", "chat-service", "message-service", "media-service");
        this.gateways = List.of(together ? "natter" : "realtime-gateway", "realtime-gateway-2");
        deck.addAll(shuffled(hand()));
    }

    /** What comes next; there is always more. */
    Step next() {
        List<Fault> faults = new ArrayList<>(List.of(deal()));
        if (random.nextInt(4) == 0 && isShareable(faults.getFirst()) && isShareable(peek())) {
            faults.add(deal());
        }
        return new Step(faults, random.nextInt(500, 2_500));
    }

    private static boolean isShareable(Fault fault) {
        return !(fault instanceof Fault.Unpublished
                || fault instanceof Fault.Unmarked
                || fault instanceof Fault.CutOff);
    }

    private Fault deal() {
        Fault fault = peek();
        deck.remove();
        return fault;
    }

    private Fault peek() {
        if (deck.isEmpty()) {
            deck.addAll(shuffled(all()));
        }
        return deck.peek();
    }

    private List<Fault> hand() {
        return List.of(
                new Fault.Kill(writer),
                new Fault.Kill(one(gateways)),
                new Fault.KillNats(),
                new Fault.KillPostgres(),
                new Fault.News(gateways.get(0), Mischief.Mode.LOST, brief()),
                new Fault.News(gateways.get(1), Mischief.Mode.LOST, brief()),
                new Fault.Unpublished(writer),
                new Fault.CutOff(writer),
                new Fault.Terminate(one(gateways)),
                new Fault.Network(one(gateways), true, Mode.CUT, brief()));
    }

    private List<Fault> all() {
        List<Fault> all = new ArrayList<>(List.of(
                new Fault.KillNats(),
                new Fault.FreezeNats(BEYOND_PINGS),
                new Fault.FreezeNats(brief()),
                new Fault.KillPostgres(),
                new Fault.KillBackend(),
                new Fault.FreezePostgres(brief()),
                new Fault.Unpublished(writer),
                new Fault.Unmarked(writer),
                new Fault.Unmarked(writer),
                new Fault.CutOff(writer),
                new Fault.SlowReaders(random.nextInt(8_000, 14_000)),
                new Fault.Storm(),
                new Fault.Away(random.nextInt(10_000, 20_000))));
        for (String service : services) {
            all.add(new Fault.Kill(service));
        }
        for (String gateway : gateways) {
            all.add(new Fault.Kill(gateway));
            all.add(new Fault.Terminate(gateway));
            all.add(new Fault.Freeze(gateway, brief()));
            for (Mischief.Mode mode : List.of(Mischief.Mode.TWICE, Mischief.Mode.SHUFFLED, Mischief.Mode.LOST)) {
                all.add(new Fault.News(gateway, mode, brief()));
            }
        }
        all.add(new Fault.Freeze(one(services), brief()));
        all.add(new Fault.Freeze(writer, brief()));
        for (Mode mode : List.of(Mode.CUT, Mode.HOLE, Mode.SLOW)) {
            all.add(new Fault.Network(one(gateways), true, mode, brief()));
            all.add(new Fault.Network(one(services), true, mode, brief()));
            all.add(new Fault.Network(writer, false, mode, brief()));
            all.add(new Fault.Network(one(services), false, mode, brief()));
        }
        all.add(new Fault.Network(one(gateways), true, Mode.HOLE, BEYOND_PINGS));
        return all;
    }

    private int brief() {
        return random.nextInt(1_000, 6_000);
    }

    private <T> T one(List<T> some) {
        return some.get(random.nextInt(some.size()));
    }

    private List<Fault> shuffled(List<Fault> faults) {
        List<Fault> left = new ArrayList<>(faults);
        List<Fault> order = new ArrayList<>();
        while (!left.isEmpty()) {
            order.add(left.remove(random.nextInt(left.size())));
        }
        return order;
    }
}
