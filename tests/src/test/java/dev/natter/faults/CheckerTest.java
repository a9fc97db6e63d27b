package dev.natter.faults;

import static org.assertj.core.api.Assertions.assertThat;

import dev.natter.faults.Violation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** A checker that finds nothing must be known to find something: each promise is broken here by hand. */
class CheckerTest {
    private static final String CHAT = "chat";
    private static final long SECOND = 1_000_000_000;

    private final List<Op> ops = new ArrayList<>();
    private final List<Entry> entries = new ArrayList<>();
    private final List<Seat> seats = new ArrayList<>();
    private final List<Seen> seen = new ArrayList<>();
    private final List<Span> troubled = new ArrayList<>();
    private long head;

    /** Anna says one thing, and then another. */
    private void twoSends() {
        said("one", 1, 10, 20);
        said("two", 2, 30, 40);
    }

    @Test
    void aHistoryInWhichAllIsWellHasNoViolations() {
        twoSends();
        ops.add(Op.edit(entry(1), "anna", CHAT, "one v2", 50).ok(60, 3));
        entries.set(0, entry(1).edited(3, "one v2"));
        ops.add(Op.delete(entry(2), "anna", CHAT, 70).doubted().ok(80, 0));
        entries.set(1, entry(2).deleted(4));
        ops.add(Op.send("anna", CHAT, "never answered", "never answered", 90));
        head = 4;

        assertThat(check()).isEmpty();
        assertThat(Checker.held(holding(), log())).isEmpty();
    }

    @Test
    void aSendThatWasNeverAnsweredMayBeInTheLog() {
        twoSends();
        ops.add(Op.send("anna", CHAT, "three", "three", 50).doubted());
        entries.add(Entry.said(3, "anna", "three", "three"));
        head = 3;

        assertThat(check()).isEmpty();
    }

    @Test
    void anAnsweredSendThatIsNotInTheLogIsLost() {
        twoSends();
        entries.removeLast();
        head = 1;

        assertThat(check()).extracting(Violation::kind).contains(Kind.LOST);
    }

    @Test
    void anAnsweredSendUnderAnotherNumberIsLost() {
        twoSends();
        entries.set(1, Entry.said(3, "anna", "two", "two"));
        head = 3;

        assertThat(check()).extracting(Violation::kind).contains(Kind.LOST);
    }

    @Test
    void oneSendTwiceInTheLogIsADuplicate() {
        twoSends();
        entries.add(Entry.said(3, "anna", "two", "two"));
        head = 3;

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.DUPLICATED);
    }

    @Test
    void oneNumberForTwoAnswersIsADuplicate() {
        twoSends();
        said("three", 2, 50, 60);
        entries.removeLast();

        assertThat(check()).extracting(Violation::kind).contains(Kind.DUPLICATED, Kind.LOST);
    }

    @Test
    void whatWasAnsweredFirstHasTheLowerNumber() {
        said("one", 2, 10, 20);
        said("two", 1, 30, 40);

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.REORDERED);
    }

    @Test
    void whatWasAskedForAtTheSameTimeMayBeInAnyOrder() {
        said("one", 2, 10, 35);
        said("two", 1, 30, 40);

        assertThat(check()).isEmpty();
    }

    @Test
    void whatNobodySaidIsInvented() {
        twoSends();
        entries.add(Entry.said(3, "anna", "three", "three"));
        head = 3;

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.INVENTED);
    }

    @Test
    void whatWasRefusedIsNotInTheLog() {
        said("one", 1, 10, 20);
        ops.set(0, ops.getFirst().refused(20));

        assertThat(check()).extracting(Violation::kind).contains(Kind.INVENTED);
    }

    @Test
    void aNumberThatNobodyKnowsIsAHole() {
        said("one", 1, 10, 20);
        said("two", 3, 30, 40);

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.HOLE);
    }

    @Test
    void aNumberThatSomebodyWasToldOfIsNoHole() {
        said("one", 1, 10, 20);
        said("two", 3, 30, 40);
        seen.add(new Seen("phone", "anna", CHAT, 2, 1, 0, 25));

        assertThat(check()).isEmpty();
    }

    @Test
    void anEventOfWhatWasNeverCommittedIsFound() {
        twoSends();
        seen.add(new Seen("phone", "anna", CHAT, 3, 3, 0, 50));

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.LOST);
    }

    @Test
    void anAnsweredEditThatDoesNotShowIsLost() {
        twoSends();
        ops.add(Op.edit(entry(1), "anna", CHAT, "one v2", 50).ok(60, 3));
        head = 3;

        assertThat(check()).extracting(Violation::kind).contains(Kind.LOST);
    }

    @Test
    void anAnsweredDeletionThatDoesNotShowIsLostAndOneNobodyAskedForInvented() {
        twoSends();
        ops.add(Op.delete(entry(1), "anna", CHAT, 50).ok(60, 0));
        entries.set(1, entry(2).deleted(3));
        head = 3;

        assertThat(check()).extracting(Violation::kind).contains(Kind.LOST, Kind.INVENTED);
    }

    @Test
    void aClientThatLacksAMessageOrShowsAnotherIsFound() {
        twoSends();
        Holding lacking = new Holding("phone", "anna", CHAT, 2, 0, Map.of(1L, entry(1)));
        Holding other = new Holding("phone", "anna", CHAT, 2, 0, Map.of(1L, entry(1), 2L, entry(2).edited(2, "other")));
        Holding more = new Holding(
                "phone", "anna", CHAT, 2, 0, Map.of(1L, entry(1), 2L, entry(2), 3L, Entry.said(3, "anna", "x", "x")));
        Holding late = new Holding("phone", "anna", CHAT, 1, 0, Map.of(1L, entry(1), 2L, entry(2)));

        assertThat(kinds(lacking)).containsExactly(Kind.LOST);
        assertThat(kinds(other)).containsExactly(Kind.HOLE);
        assertThat(kinds(more)).containsExactly(Kind.INVENTED);
        assertThat(kinds(late)).containsExactly(Kind.LOST);
    }

    @Test
    void unreadIsWhatCountingSays() {
        twoSends();

        assertThat(Checker.counted(new Count("boris", CHAT, 1, 1, 1), log())).isEmpty();
        assertThat(Checker.counted(new Count("anna", CHAT, 0, 0, 0), log())).isEmpty();
        assertThat(Checker.counted(new Count("boris", CHAT, 1, 1, 2), log())).hasSize(1);
        assertThat(Checker.counted(new Count("boris", CHAT, 2, 1, 1), log())).hasSize(1);
    }

    @Test
    void whoWasRemovedHearsNothingThatWasSaidASecondLater() {
        seats.add(new Seat("boris", CHAT, false, 0, SECOND));
        said("early", 1, SECOND + 1, SECOND + 2);
        said("late", 2, 3 * SECOND, 3 * SECOND + 1);
        seen.add(new Seen("phone", "boris", CHAT, 1, 1, 0, 9 * SECOND));

        assertThat(check()).isEmpty();

        seen.add(new Seen("phone", "boris", CHAT, 2, 2, 0, 4 * SECOND));

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.UNAUTHORISED);
    }

    @Test
    void whoWasRemovedMayAskForNothingASecondLaterUntilTheyAreBack() {
        seats.add(new Seat("boris", CHAT, false, 0, SECOND));
        seats.add(new Seat("boris", CHAT, true, 8 * SECOND, 9 * SECOND));
        seen.add(new Seen("GET", "boris", CHAT, 0, 0, SECOND + 5, SECOND + 9));
        seen.add(new Seen("GET", "boris", CHAT, 0, 0, 8 * SECOND, 9 * SECOND));

        assertThat(check()).isEmpty();

        seen.add(new Seen("GET", "boris", CHAT, 0, 0, 4 * SECOND, 5 * SECOND));

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.UNAUTHORISED);
    }

    @Test
    void whoWasRemovedMaySayNothingASecondLater() {
        seats.add(new Seat("anna", CHAT, false, 0, SECOND));
        said("late", 1, 3 * SECOND, 4 * SECOND);

        assertThat(check()).extracting(Violation::kind).containsExactly(Kind.UNAUTHORISED);
    }

    @Test
    void whileSomethingIsBrokenTheTimeBeginsWhenAllIsWell() {
        Seat removal = new Seat("boris", CHAT, false, 0, SECOND);

        assertThat(AuthorityCheck.effective(removal, List.of())).isEqualTo(2 * SECOND);
        assertThat(AuthorityCheck.effective(removal, List.of(new Span(SECOND, 5 * SECOND))))
                .isEqualTo(10 * SECOND);
        assertThat(AuthorityCheck.effective(removal, List.of(new Span(3 * SECOND, 5 * SECOND))))
                .isEqualTo(2 * SECOND);
        assertThat(AuthorityCheck.effective(removal, List.of(new Span(-4 * SECOND, -2 * SECOND))))
                .isEqualTo(3 * SECOND);
    }

    private void said(String name, long seq, long invoked, long answered) {
        ops.add(Op.send("anna", CHAT, name, name, invoked).ok(answered, seq));
        entries.add(Entry.said(seq, "anna", name, name));
        head = Math.max(head, seq);
    }

    private Entry entry(long seq) {
        return entries.stream().filter(entry -> entry.seq() == seq).findFirst().orElseThrow();
    }

    private Log log() {
        return new Log(CHAT, head, entries);
    }

    private Holding holding() {
        return new Holding(
                "phone",
                "anna",
                CHAT,
                head,
                0,
                entries.stream().collect(Collectors.toMap(Entry::seq, Function.identity())));
    }

    private List<Kind> kinds(Holding holding) {
        return Checker.held(holding, log()).stream().map(Violation::kind).toList();
    }

    private List<Violation> check() {
        return Checker.check(new History(ops, seats, seen, troubled), List.of(log()), List.of(), List.of());
    }
}
