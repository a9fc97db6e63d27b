package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.contracts.MessageId;
import dev.natter.platform.http.Json;
import dev.natter.realtime.Backfill.Page;
import dev.natter.realtime.Backfill.Reading;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** A chat's feed with its memory, against a log that goes on. */
class ChatFeedTest {
    @Test
    void whatWasDeletedIsNotToldAgain() {
        var course = new Course(new Random(1), 0, 100);
        course.deliver(course.log.send());
        course.deliver(course.log.send());
        course.deliver(course.log.delete(1));

        var reader = new Holder(course.log, 0);
        reader.hear(course.feed.recall(reader.reading()));

        assertThat(reader.told).containsExactly("new_message 2 after 0", "message_deleted 3 after 2");
    }

    @Test
    void theFormDependsOnWhatTheReaderHolds() {
        var course = new Course(new Random(1), 0, 100);
        course.deliver(course.log.send());
        course.deliver(course.log.send());
        course.deliver(course.log.edit(1));

        var holdsNothing = new Holder(course.log, 0);
        holdsNothing.hear(course.feed.recall(holdsNothing.reading()));
        assertThat(holdsNothing.told).containsExactly("new_message 2 after 0", "new_message 3 after 2");
        var holdsIt = new Holder(course.log, 1);
        holdsIt.hear(course.feed.recall(holdsIt.reading()));
        assertThat(holdsIt.told).containsExactly("new_message 2 after 0", "message_updated 3 after 2");
    }

    @Test
    void memoryIsBoundedInEntriesAndBytes() {
        var memory = new Memory(100_000);
        var feed = new ChatFeed(new Recent(4, 100_000, memory), 4);
        feed.head(0);
        var log = new ModelLog(0);
        for (int i = 0; i < 9; i++) {
            feed.arrived(log.send());
        }
        assertThat(feed.covers(5, 9)).isTrue();
        assertThat(feed.covers(4, 9)).isFalse();

        var tight = new ChatFeed(new Recent(100, 2_000, memory), 100);
        tight.head(9);
        for (int i = 0; i < 20; i++) {
            tight.arrived(log.send());
        }
        assertThat(tight.covers(9, 29)).isFalse();
        assertThat(tight.covers(29, 29)).isTrue();
        assertThat(tight.covers(27, 29)).isTrue();

        feed.forget();
        tight.forget();
        assertThat(memory.used()).isZero();
    }

    @Test
    void allChatsTogetherAreBoundedToo() {
        var memory = new Memory(4_000);
        var log = new ModelLog(0);
        var one = new ChatFeed(new Recent(100, 100_000, memory), 100);
        one.head(0);
        for (int i = 0; i < 20; i++) {
            one.arrived(log.send());
        }

        assertThat(memory.used()).isBetween(2_000L, 4_000L);
        assertThat(one.covers(0, 20)).isFalse();
        one.halve();
        assertThat(memory.used()).isLessThan(2_500L);
    }

    /**
     * The log goes on; NATS brings its events in any order, some twice, some never; holes are filled, and memory
     * seeded, page by page while more happens, sometimes in vain. Whatever happens, a member and whoever comes back
     * with any number that memory covers are told by the rule, each message in the right form (but one that the log
     * failed to tell in the middle of a hole), and hold at the end exactly what the log holds.
     */
    @Property(tries = 400)
    void whoFollowsTheRuleHoldsWhatTheLogHolds(
            @ForAll @IntRange(max = 20) int head,
            @ForAll @IntRange(min = 1, max = 25) int remembered,
            @ForAll @IntRange(min = 20, max = 150) int steps,
            @ForAll @LongRange long seed) {
        var course = new Course(new Random(seed), head, remembered);
        for (int i = 0; i < steps; i++) {
            course.step();
        }
        course.settle();

        assertThat(course.member.local).isEqualTo(course.log.seq());
        assertThat(course.member.held).isEqualTo(course.log.at(course.log.seq()));
        course.readers(60);
    }

    /** What happens to one feed. */
    private static final class Course {
        private final Random random;
        private final ModelLog log;
        private final ChatFeed feed;
        private final Memory memory = new Memory(1 << 20);
        private final Holder member;
        private final List<Change> onTheWay = new ArrayList<>();
        private Reading filling;
        private long begun;
        private long at;

        Course(Random random, int head, int remembered) {
            this.random = random;
            this.log = new ModelLog(head);
            this.feed = new ChatFeed(new Recent(remembered, 1 << 20, memory), remembered);
            feed.head(head);
            this.member = new Holder(log, head);
        }

        void deliver(Change change) {
            member.hear(feed.arrived(change).stream().map(Change::frame).toList());
        }

        void step() {
            switch (random.nextInt(8)) {
                case 0, 1, 2 -> onTheWay.add(log.any(random));
                case 3, 4, 5 -> {
                    if (!onTheWay.isEmpty()) {
                        Change change = onTheWay.get(random.nextInt(Math.min(4, onTheWay.size())));
                        if (random.nextInt(8) != 0) {
                            onTheWay.remove(change);
                        }
                        if (random.nextInt(8) != 0) {
                            deliver(change);
                        }
                    }
                }
                case 6 -> fill();
                default -> readers(1);
            }
        }

        void readers(int count) {
            for (int i = 0; i < count; i++) {
                long since = random.nextLong(feed.applied() + 1);
                if (feed.covers(since, feed.applied())) {
                    var reader = new Holder(log, since);
                    reader.hear(feed.recall(reader.reading()));
                    assertThat(reader.local).isEqualTo(feed.applied());
                    assertThat(reader.held).isEqualTo(log.at(feed.applied()));
                }
            }
        }

        void settle() {
            feed.head(log.seq());
            while (feed.hasHole() || filling != null) {
                fill();
            }
        }

        private void fill() {
            if (filling == null) {
                long wanted = random.nextBoolean() ? Long.MAX_VALUE : random.nextLong(feed.applied() + 1);
                ChatFeed.Fill fill = feed.beginFill(wanted);
                filling = new Backfill(null, null, ModelLog.PAGE).read(ModelLog.CHAT, fill.from(), fill.holds());
                at = fill.from();
                begun = at;
            } else if (random.nextInt(6) == 0) {
                // What lay on the pages that weren't read may have been created on those that were.
                member.demanding &= at == begun;
                filling = null;
                hear(feed.fillFailed());
            } else {
                Page page = log.page(filling, at);
                at = page.upTo();
                hear(feed.filled(page));
                filling = page.last() ? null : filling;
            }
        }

        private void hear(List<Change> changes) {
            member.hear(changes.stream().map(Change::frame).toList());
        }
    }

    /** One who follows the rule. */
    private static final class Holder {
        private final Map<Long, Long> held;
        private final List<String> told = new ArrayList<>();
        private final long since;
        private boolean demanding = true;
        private long local;

        Holder(ModelLog log, long since) {
            this.since = since;
            this.local = since;
            this.held = log.at(since);
        }

        Reading reading() {
            return new Backfill(null, null, ModelLog.PAGE).read(ModelLog.CHAT, since, since);
        }

        void hear(List<Frame> frames) {
            for (Frame frame : frames) {
                JsonNode json = Json.mapper().readTree(frame.payload());
                String type = json.path("type").stringValue();
                long seq = json.path("seq").longValue();
                long prev = json.path("prev").longValue();
                told.add(type + " " + seq + " after " + prev);
                assertThat(prev).as("a hole before %s", json).isLessThanOrEqualTo(local);
                assertThat(seq).as("told before: %s", json).isGreaterThan(local);
                local = seq;
                if (type.equals("message_deleted")) {
                    held.put(MessageId.of(json.path("message_id").stringValue()).seq(), seq);
                } else {
                    long created = json.path("message").path("seq").longValue();
                    assertThat(held.containsKey(created))
                            .as("%s, holding %s", json, held)
                            .matches(known -> known == type.equals("message_updated") || !known && !demanding);
                    held.put(created, seq);
                }
            }
        }
    }
}
