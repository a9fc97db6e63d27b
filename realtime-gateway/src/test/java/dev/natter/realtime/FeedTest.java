package dev.natter.realtime;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalLong;
import java.util.Random;
import java.util.stream.LongStream;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.constraints.LongRange;
import org.junit.jupiter.api.Test;

class FeedTest {
    private Feed<Change> feed = new Feed<>(8);

    @Test
    void nothingPassesBeforeTheHeadIsKnown() {
        assertThat(feed.arrived(change(6))).isEmpty();
        assertThat(feed.arrived(change(5))).isEmpty();

        assertThat(numbers(feed.head(5))).containsExactly(6L);
        assertThat(feed.applied()).isEqualTo(6);
    }

    @Test
    void theNextPassesAndTheOldIsDropped() {
        feed.head(5);

        assertThat(numbers(feed.arrived(change(6)))).containsExactly(6L);
        assertThat(feed.arrived(change(6))).isEmpty();
        assertThat(feed.arrived(change(3))).isEmpty();
        assertThat(feed.arrived(change(0))).isEmpty();
        assertThat(feed.hasHole()).isFalse();
    }

    @Test
    void whatLiesBeyondAHoleWaitsUntilItIsFilledFromTheLog() {
        feed.head(5);

        assertThat(feed.arrived(change(8))).isEmpty();
        assertThat(feed.hasHole()).isTrue();
        assertThat(feed.beginFill()).isEqualTo(OptionalLong.of(5));
        assertThat(feed.beginFill()).as("one at a time").isEmpty();
        assertThat(feed.arrived(change(9))).isEmpty();

        assertThat(numbers(feed.filled(List.of(change(7), change(8)), 8, true))).containsExactly(7L, 8L, 9L);
        assertThat(feed.hasHole()).isFalse();
    }

    @Test
    void aHeadAheadOfWhatPassedIsAHole() {
        feed.head(5);

        assertThat(feed.head(7)).isEmpty();
        assertThat(feed.hasHole()).isTrue();
        assertThat(feed.isHeldUp()).isFalse();
    }

    @Test
    void aFailedFillLetsGoOfWhatIsContiguous() {
        feed.head(5);
        feed.beginFill();
        feed.arrived(change(6));
        feed.arrived(change(8));

        assertThat(numbers(feed.fillFailed())).containsExactly(6L);
        assertThat(feed.hasHole()).isTrue();
    }

    @Test
    void aNumberThatTheLogDoesNotKnowIsForgotten() {
        feed.head(5);
        feed.arrived(change(1000));
        feed.beginFill();

        assertThat(feed.filled(List.of(), 5, true)).isEmpty();
        assertThat(feed.hasHole()).isFalse();
        assertThat(numbers(feed.arrived(change(6)))).containsExactly(6L);
    }

    @Test
    void whatDidNotFitIntoTheWaitingRoomIsFetchedAgain() {
        feed.head(0);
        feed.beginFill();
        for (long seq = 1; seq <= 12; seq++) {
            feed.arrived(change(seq));
        }

        assertThat(numbers(feed.filled(List.of(), 0, true))).containsExactly(1L, 2L, 3L, 4L, 5L, 6L, 7L, 8L);
        assertThat(feed.hasHole()).isTrue();
        assertThat(feed.beginFill()).isEqualTo(OptionalLong.of(8));
    }

    /**
     * The log has {@code last} changes; NATS brings them in any order, some twice, some never; the log is read whenever
     * there is a hole, sometimes in vain, while more arrives. Whatever happens, a client that follows the rule holds
     * everything at the end and was never told of a hole.
     */
    @Property(tries = 500)
    void aFollowerOfTheRuleMissesNothing(
            @ForAll @IntRange(max = 30) int head,
            @ForAll @IntRange(min = 1, max = 60) int more,
            @ForAll @LongRange long seed) {
        // One instance of this class sees all tries.
        feed = new Feed<>(8);
        Random random = new Random(seed);
        int last = head + more;
        var follower = new Follower(head);
        feed.head(head);
        List<Long> arrivals = arrivals(1, last, random);

        for (int i = 0; i < arrivals.size(); i++) {
            follower.tell(feed.arrived(change(arrivals.get(i))));
            if (feed.isHeldUp() && random.nextInt(3) == 0) {
                fill(follower, last, random, arrivals.subList(i, arrivals.size()));
            }
        }
        feed.head(last);
        while (feed.hasHole()) {
            fill(follower, last, random, List.of());
        }

        assertThat(follower.local).isEqualTo(last);
        assertThat(follower.told).isSorted().doesNotHaveDuplicates();
    }

    private void fill(Follower follower, int last, Random random, List<Long> meanwhile) {
        OptionalLong since = feed.beginFill();
        if (since.isEmpty()) {
            return;
        }
        meanwhile.stream().limit(random.nextInt(4)).forEach(seq -> follower.tell(feed.arrived(change(seq))));
        if (random.nextInt(4) == 0) {
            follower.tell(feed.fillFailed());
            return;
        }
        // Final states: what was changed again later is missing at its first number, as in the log.
        long middle = since.getAsLong() + (last - since.getAsLong()) / 2;
        follower.tell(feed.filled(states(since.getAsLong(), middle, random), middle, false));
        follower.tell(feed.filled(states(middle, last, random), last, true));
    }

    private static List<Change> states(long after, long upTo, Random random) {
        return LongStream.rangeClosed(after + 1, upTo)
                .filter(seq -> seq == upTo || random.nextBoolean())
                .mapToObj(FeedTest::change)
                .toList();
    }

    private static List<Long> arrivals(int first, int last, Random random) {
        var arrivals = new ArrayList<Long>();
        for (long seq = first; seq <= last; seq++) {
            int times = random.nextInt(5) == 0 ? random.nextInt(3) : 1;
            for (int i = 0; i < times; i++) {
                int at = Math.max(0, arrivals.size() - random.nextInt(4));
                arrivals.add(at, seq);
            }
        }
        return arrivals;
    }

    private static Change change(long seq) {
        return new Change(seq, 0, Frame.text(Long.toString(seq).getBytes(StandardCharsets.US_ASCII)));
    }

    private static List<Long> numbers(List<Change> changes) {
        return changes.stream().map(Change::seq).toList();
    }

    private static final class Follower {
        private final List<Long> told = new ArrayList<>();
        private long local;

        Follower(long local) {
            this.local = local;
        }

        void tell(List<Change> changes) {
            for (Change change : changes) {
                assertThat(change.seq()).isGreaterThan(local);
                local = change.seq();
                told.add(local);
            }
        }
    }
}
