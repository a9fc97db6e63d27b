package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.Chat;
import dev.natter.contracts.Internal;
import dev.natter.platform.http.Json;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.UUID;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import tools.jackson.databind.JsonNode;

/** A box's feed against a box that goes on. */
class BoxReadingTest {
    private static final int PAGE = 3;

    /**
     * The user comes into chats, chats change, the user leaves; NATS brings that in any order, some of it twice, some
     * never; holes are filled page by page while more happens, sometimes in vain. Whatever happens, a client that
     * follows the rule sees no hole, is told of each chat in the right form, and knows its chats in the end.
     */
    @Property(tries = 300)
    void whoFollowsTheRuleKnowsTheirChats(
            @ForAll @IntRange(min = 10, max = 120) int steps, @ForAll @LongRange long seed) {
        var course = new Course(new Random(seed));
        for (int i = 0; i < steps; i++) {
            course.step();
        }
        course.client.hear(course.feed.head(course.box.seq));
        while (course.feed.hasHole() || course.reading != null) {
            course.fill();
        }

        assertThat(course.client.local).isEqualTo(course.box.seq);
        assertThat(course.client.chats).isEqualTo(course.box.titles());
    }

    private static final class Course {
        private final Random random;
        private final ModelBox box = new ModelBox();
        private final Feed<Notice> feed = new Feed<>(8);
        private final Client client = new Client();
        private final List<Notice> onTheWay = new ArrayList<>();
        private BoxReading reading;

        Course(Random random) {
            this.random = random;
            feed.head(0);
        }

        void step() {
            int what = random.nextInt(8);
            if (what < 3) {
                onTheWay.add(box.change(random));
            } else if (what == 7) {
                fill();
            } else if (!onTheWay.isEmpty()) {
                Notice notice = onTheWay.get(random.nextInt(Math.min(4, onTheWay.size())));
                if (random.nextInt(8) != 0) {
                    onTheWay.remove(notice);
                }
                if (random.nextInt(8) != 0) {
                    client.hear(feed.arrived(notice));
                }
            }
        }

        void fill() {
            if (reading == null) {
                reading = new BoxReading(feed.beginFill().orElseThrow());
            } else if (random.nextInt(6) == 0) {
                reading = null;
                // A chat whose change lay on the pages that weren't read may have been entered by those that were.
                client.demanding = false;
                client.hear(feed.fillFailed());
            } else {
                Internal.Box page = box.page(reading.at());
                client.hear(feed.filled(reading.read(page), reading.at(), !page.more()));
                reading = page.more() ? reading : null;
            }
        }
    }

    private static final class Client {
        private final Map<String, String> chats = new HashMap<>();
        private boolean demanding = true;
        private long local;

        void hear(List<Notice> notices) {
            for (Notice notice : notices) {
                JsonNode frame = Json.mapper().readTree(notice.frame().payload());
                assertThat(frame.path("user_seq").longValue())
                        .isEqualTo(notice.seq())
                        .isGreaterThan(local);
                assertThat(frame.path("user_prev").longValue())
                        .as("a hole before " + frame)
                        .isLessThanOrEqualTo(local);
                local = notice.seq();
                String chat = frame.path("chat_id").stringValue();
                if (frame.path("type").stringValue().equals("chat_deleted")) {
                    chats.remove(chat);
                } else {
                    if (demanding && frame.path("type").stringValue().equals("chat_updated")) {
                        assertThat(chats).as("told before").containsKey(chat);
                    }
                    chats.put(chat, frame.path("title").stringValue());
                }
            }
        }
    }

    private static final class ModelBox {
        private final List<UUID> ids = new ArrayList<>();
        private final Map<UUID, Internal.BoxEntry> entries = new HashMap<>();
        private long seq;

        Notice change(Random random) {
            seq++;
            UUID chat = ids.isEmpty() || random.nextInt(3) == 0
                    ? new UUID(7, ids.size())
                    : ids.get(random.nextInt(ids.size()));
            Internal.BoxEntry before = entries.get(chat);
            if (before == null) {
                ids.add(chat);
            }
            boolean in = before != null && before.chatType() != null;
            boolean leaves = in && random.nextInt(3) == 0;
            long joined = in ? before.joinedSeq() : seq;
            entries.put(chat, leaves ? entry(chat, joined, null) : entry(chat, joined, Chat.Type.group));
            String type = leaves ? "chat_deleted" : in ? "chat_updated" : "chat_created";
            byte[] event = Json.bytes(new Event(type, chat, "t" + seq, Map.of(chat, seq)));
            return Notice.Text.of(event).numbered(seq, in ? null : chat);
        }

        private Internal.BoxEntry entry(UUID chat, long joined, Chat.Type type) {
            return new Internal.BoxEntry(chat, seq, joined, seq, Instant.EPOCH, type, "t" + seq, List.of(), 0);
        }

        Internal.Box page(long since) {
            List<Internal.BoxEntry> all = entries.values().stream()
                    .filter(entry -> entry.userSeq() > since)
                    .sorted(Comparator.comparing(Internal.BoxEntry::userSeq))
                    .toList();
            return new Internal.Box(
                    new UUID(1, 1), seq, all.stream().limit(PAGE).toList(), all.size() > PAGE);
        }

        Map<String, String> titles() {
            var titles = new HashMap<String, String>();
            entries.forEach((chat, entry) -> {
                if (entry.chatType() != null) {
                    titles.put(chat.toString(), entry.title());
                }
            });
            return titles;
        }
    }

    private record Event(String type, UUID chatId, String title, Map<UUID, Long> userSeqs) {}
}
