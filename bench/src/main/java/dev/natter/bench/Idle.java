package dev.natter.bench;

import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;

/** Sockets that are open and silent, each of a user of its own: what one of them takes of the gateway's memory. */
final class Idle implements Scenario {
    private static final int SOCKETS = 15_000;

    /** So many have the JVM load and compile whatever sockets need. */
    private static final int FIRST = 1_000;

    /**
     * So long that what opening them has left behind is gone, and that a socket has been used as often as idle ones
     * are.
     */
    private static final int PINGS = 2;

    private static final double TARGET_KB = 11;

    @Override
    public String name() {
        return "idle";
    }

    @Override
    public String about() {
        return "memory of " + SOCKETS + " open sockets";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        Map<String, String> settings = new HashMap<>(Tokens.settings());
        settings.put("SOCKET_HEARTBEAT", "PT10S");
        // The usual 30 seconds would only make the run longer.
        try (Stage stage = Stage.start(ground, settings, "--separate")) {
            long gateway = stage.pid("realtime-gateway");
            URI address = stage.address("realtime-gateway");
            Tally hellos = new Tally();
            try (Swarm swarm = new Swarm(_ -> hellos.add())) {
                long before = Usage.of(gateway).resident();
                open(swarm, address, FIRST);
                swarm.pings().await(PINGS * FIRST);
                long few = Usage.of(gateway).resident();
                open(swarm, address, SOCKETS - FIRST);
                hellos.await(SOCKETS);
                swarm.pings().await(swarm.pings().count() + PINGS * SOCKETS);
                long all = Usage.of(gateway).resident();
                swarm.check();
                return List.of(
                        new Figure(
                                "memory of an idle socket, " + SOCKETS + " open",
                                (all - before) / 1e3 / SOCKETS,
                                "KB",
                                null,
                                new Figure.Target.AtMost(TARGET_KB)),
                        Figure.plain(
                                "what each costs after the first " + FIRST,
                                (all - few) / 1e3 / (SOCKETS - FIRST),
                                "KB"));
            }
        }
    }

    private static void open(Swarm swarm, URI address, int count) throws IOException {
        for (int socket = 0; socket < count; socket++) {
            UUID user = UUID.randomUUID();
            swarm.open(address, "/ws/" + user, Tokens.of(user));
        }
    }
}
