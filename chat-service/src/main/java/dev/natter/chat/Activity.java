package dev.natter.chat;

import dev.natter.contracts.LiveEvent;
import dev.natter.contracts.Message;
import dev.natter.contracts.Subjects;
import dev.natter.platform.bus.Bus;
import dev.natter.platform.db.Database;
import dev.natter.platform.http.Json;
import dev.natter.platform.token.SignedUrl;
import io.helidon.metrics.api.Counter;
import io.helidon.metrics.api.Metrics;
import java.lang.System.Logger;
import java.lang.System.Logger.Level;
import java.nio.charset.StandardCharsets;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.DelayQueue;
import java.util.concurrent.Delayed;
import java.util.concurrent.TimeUnit;

/**
 * Tells members that a chat has a new newest message: at once if the chat was quiet, then at most once a pause, with
 * what is the newest by then. Told to many it costs more, so it is told more seldom. A hint, which may get lost.
 *
 * <p>A chat that was told of is remembered for its pause, and is in the queue exactly as long; so what is remembered is
 * bounded by a number, beyond which a chat goes untold. What is told, and to whom, is read when it is told: a message
 * that was deleted meanwhile isn't, nor is anyone who was put out. One thread tells; those who report never wait.
 */
final class Activity implements AutoCloseable {
    private static final Logger LOG = System.getLogger(Activity.class.getName());
    private static final Duration PAUSE = Duration.ofMillis(500);
    private static final Duration LONG_PAUSE = Duration.ofSeconds(2);
    private static final int MANY_MEMBERS = 200;
    private static final int MOST_CHATS = 20_000;
    private static final int AT_ONCE = 100;

    private static final String LATEST = """
            SELECT h.chat_id, h.seq, h.message,
              ARRAY (SELECT user_id FROM members m WHERE m.chat_id = h.chat_id)
            FROM heads h WHERE h.chat_id = ANY (?::uuid[]) AND h.message IS NOT NULL""";

    /** A chat between two tellings. */
    private static final class Pause implements Delayed {
        private final UUID chatId;
        /** Changed only while the pause is not in the queue. */
        private long end = System.nanoTime();
        /** Whether there is something to tell at its end; guarded by the map's lock on the chat. */
        private boolean news;

        private Pause(UUID chatId) {
            this.chatId = chatId;
        }

        @Override
        public long getDelay(TimeUnit unit) {
            return unit.convert(end - System.nanoTime(), TimeUnit.NANOSECONDS);
        }

        @Override
        public int compareTo(Delayed other) {
            return Long.compare(end - ((Pause) other).end, 0);
        }
    }

    private record Latest(UUID chatId, long seq, Message message, UUID[] members) {}

    private final Database database;
    private final Bus bus;
    private final SignedUrl signer;
    private final Map<UUID, Pause> pauses = new ConcurrentHashMap<>();
    private final DelayQueue<Pause> ends = new DelayQueue<>();
    private volatile boolean closed;
    private final Thread thread = Thread.ofVirtual().name("activity").unstarted(this::run);

    Activity(Database database, Bus bus, SignedUrl signer) {
        this.database = database;
        this.bus = bus;
        this.signer = signer;
    }

    void start() {
        thread.start();
    }

    /** Reports chats whose newest message is another, or has changed. */
    void of(Collection<UUID> chats) {
        for (UUID chatId : chats) {
            if (pauses.size() >= MOST_CHATS && !pauses.containsKey(chatId)) {
                Metrics.globalRegistry()
                        .getOrCreate(Counter.builder("natter.activity.untold")
                                .description(
                                        "Chats whose members weren't told of activity, since too many were active"))
                        .increment();
                continue;
            }
            pauses.compute(chatId, (_, pause) -> {
                Pause now = pause == null ? new Pause(chatId) : pause;
                now.news = true;
                if (pause == null) {
                    ends.add(now);
                }
                return now;
            });
        }
    }

    private void run() {
        try {
            List<Pause> ended = new ArrayList<>(List.of(ends.take()));
            while (!closed) {
                ends.drainTo(ended, AT_ONCE - ended.size());
                ended.removeIf(pause -> !hasNews(pause));
                if (!ended.isEmpty()) {
                    tell(ended);
                }
                ended = new ArrayList<>(List.of(ends.take()));
            }
        } catch (InterruptedException closing) {
            Thread.currentThread().interrupt();
        }
    }

    /** Whether there is something to tell; else the chat is quiet, and forgotten. */
    private boolean hasNews(Pause pause) {
        return pauses.compute(pause.chatId, (_, same) -> {
                    boolean news = pause.news;
                    pause.news = false;
                    return news ? same : null;
                })
                != null;
    }

    private void tell(List<Pause> ended) {
        Map<UUID, Duration> next = new HashMap<>();
        try {
            for (Latest latest :
                    latest(ended.stream().map(pause -> pause.chatId).toArray())) {
                tell(latest);
                next.put(latest.chatId(), latest.members().length > MANY_MEMBERS ? LONG_PAUSE : PAUSE);
            }
        } catch (RuntimeException notNow) {
            LOG.log(Level.DEBUG, "Activity isn't told: {0}", notNow.getMessage());
        }
        long now = System.nanoTime();
        for (Pause pause : ended) {
            pause.end = now + next.getOrDefault(pause.chatId, PAUSE).toNanos();
            ends.add(pause);
        }
    }

    private void tell(Latest latest) {
        byte[] event = Json.bytes(new LiveEvent.ChatActivity(
                latest.chatId(), latest.seq(), latest.message().withFileUrls(signer::sign)));
        for (UUID member : latest.members()) {
            bus.tell(Subjects.activity(member), event);
        }
    }

    private List<Latest> latest(Object[] chatIds) {
        return database.read(connection -> {
            try (PreparedStatement statement = connection.prepareStatement(LATEST)) {
                statement.setArray(1, connection.createArrayOf("uuid", chatIds));
                List<Latest> all = new ArrayList<>();
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        all.add(new Latest(
                                row.getObject(1, UUID.class),
                                row.getLong(2),
                                Json.parse(row.getString(3).getBytes(StandardCharsets.UTF_8), Message.class),
                                (UUID[]) row.getArray(4).getArray()));
                    }
                }
                return all;
            }
        });
    }

    @Override
    public void close() {
        closed = true;
        // Whoever waits wakes up; an interrupt might cut a connection to the database that is in use.
        ends.add(new Pause(null));
        try {
            if (thread.isAlive()) {
                thread.join(Duration.ofSeconds(2));
            }
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
