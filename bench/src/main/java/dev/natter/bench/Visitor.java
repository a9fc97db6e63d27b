package dev.natter.bench;

import java.io.IOException;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * One of a {@link Crowd}. Wants something at moments that don't depend on when the last wish was granted; a wish that
 * has to wait for the one before it has waited. Used by one thread.
 */
final class Visitor {
    /** What a visitor may want; how often, beside one message. */
    enum Wish {
        /** Looks into another chat, and has read it then. */
        SWITCH("open a chat", 6.5),
        /** Reports that: follows each switch. */
        READ("mark it read", 0),
        /** Turns a page back. */
        SCROLL("scroll back", 2),
        /** Looks what is unread where. */
        CHECK("list the chats", 1),
        /** Says something. */
        SEND("send", 1),
        /** Changes what was said last. */
        EDIT("edit", 0.04);

        private final String what;
        private final double share;

        Wish(String what, double share) {
            this.what = what;
            this.share = share;
        }

        String what() {
            return what;
        }

        private static Wish any() {
            double all = 0;
            for (Wish wish : values()) {
                all += wish.share;
            }
            double left = ThreadLocalRandom.current().nextDouble(all);
            for (Wish wish : values()) {
                left -= wish.share;
                if (left < 0) {
                    return wish;
                }
            }
            return SEND;
        }
    }

    private static final long PAUSE_NANOS = TimeUnit.SECONDS.toNanos(20);

    private final URI base;
    private final UUID id;
    private final String token;
    private final List<String> chats;
    private Connection connection;
    private String chat;
    private long oldest = 1;
    private String said;

    /**
     * Somebody.
     *
     * @param base where to
     * @param id who
     * @param chats what they are in, the likeliest to be looked into first; at least one
     */
    Visitor(URI base, UUID id, List<String> chats) {
        this.base = base;
        this.id = id;
        this.token = Tokens.of(id);
        this.chats = chats;
        this.chat = chats.getFirst();
    }

    /** Opens a socket that hears of everything. */
    void listen(Swarm swarm) throws IOException {
        swarm.open(base, "/ws/" + id + "?subscribe=all", token);
    }

    /** Wants one thing after the other, until it no longer counts. */
    Void stay(VisitLog log) throws IOException, InterruptedException {
        ThreadLocalRandom dice = ThreadLocalRandom.current();
        try (Connection opened = new Connection(base)) {
            connection = opened;
            long wanted = log.begin() + dice.nextLong(PAUSE_NANOS);
            while (wanted - log.end() < 0) {
                TimeUnit.NANOSECONDS.sleep(wanted - System.nanoTime());
                act(Wish.any(), log, wanted);
                wanted += dice.nextLong(PAUSE_NANOS / 2, PAUSE_NANOS * 3 / 2);
            }
        }
        return null;
    }

    private void act(Wish wish, VisitLog log, long wanted) throws IOException {
        switch (wish) {
            case SWITCH, READ -> {
                double squared = Math.pow(ThreadLocalRandom.current().nextDouble(), 2);
                chat = chats.get((int) (chats.size() * squared));
                long newest = page(wish, log, wanted, "");
                byte[] read = json(Map.of("seq", newest));
                ask(Wish.READ, log, System.nanoTime(), "POST", "/api/chats/" + chat + "/read", read);
            }
            case SCROLL -> page(wish, log, wanted, "?before=" + oldest);
            case CHECK -> ask(wish, log, wanted, "GET", "/api/chats", null);
            case EDIT -> {
                if (said != null) {
                    ask(wish, log, wanted, "PUT", "/api/messages/" + said, json(Map.of("content", "Better so.")));
                }
            }
            case SEND -> {
                var message =
                        Map.of("content", "I'll be there at eight, if nothing comes between.", "client_id", name());
                JsonNode sent = ask(wish, log, wanted, "POST", "/api/chats/" + chat + "/messages", json(message));
                said = sent.path("id").asString(null);
            }
        }
    }

    /** The newest number on a page of the chat. */
    private long page(Wish wish, VisitLog log, long wanted, String which) throws IOException {
        JsonNode page = ask(wish, log, wanted, "GET", "/api/chats/" + chat + "/messages" + which, null);
        oldest = Math.max(1, page.path(0).path("seq").asLong(1));
        return page.path(page.size() - 1).path("changed_seq").asLong(0);
    }

    private JsonNode ask(Wish wish, VisitLog log, long wanted, String method, String path, byte[] json)
            throws IOException {
        Connection.Answer answer = connection.ask(Connection.request(method, path, token, json));
        log.answered(wish, wanted, System.nanoTime(), answer.status());
        // A failure of the server is counted; any other is the bench's own.
        return People.JSON.readTree(answer.status() >= 500 ? new byte[] {'{', '}'} : answer.good());
    }

    private static String name() {
        return UUID.randomUUID().toString();
    }

    private static byte[] json(Map<String, ?> body) {
        return People.JSON.writeValueAsBytes(body);
    }
}
