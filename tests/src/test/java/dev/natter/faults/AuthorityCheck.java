package dev.natter.faults;

import dev.natter.faults.Op.Kind;
import dev.natter.faults.Op.Outcome;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.stream.Collectors;

/**
 * Nothing of a chat reaches who was removed from it, nor may they say anything there: from one second after the removal
 * was answered. While something is broken news may not get through, so then it must have taken effect five seconds
 * after all is well again.
 *
 * <p>What is judged is the cause: something said, or asked for, after that second. News from before may still be on its
 * way to a client that reads slowly. Pure.
 */
final class AuthorityCheck {
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);
    private static final long SETTLING = TimeUnit.SECONDS.toNanos(5);

    private AuthorityCheck() {}

    static List<Violation> check(History history) {
        List<Violation> found = new ArrayList<>();
        Map<String, List<Seat>> seats =
                history.seats().stream().collect(Collectors.groupingBy(seat -> seat.user() + " " + seat.chat()));
        for (List<Seat> turns : seats.values()) {
            turns = turns.stream()
                    .sorted(Comparator.comparingLong(Seat::invoked))
                    .toList();
            for (int i = 0; i < turns.size(); i++) {
                if (!turns.get(i).in()) {
                    long until = i + 1 < turns.size() ? turns.get(i + 1).invoked() : Long.MAX_VALUE;
                    out(history, turns.get(i), until, found);
                }
            }
        }
        return found;
    }

    /** When a removal must have taken effect. */
    static long effective(Seat removal, List<Span> troubled) {
        long effective = removal.answered() + GRACE;
        for (Span span :
                troubled.stream().sorted(Comparator.comparingLong(Span::from)).toList()) {
            if (span.meets(removal.invoked() - SETTLING, effective)) {
                effective = Math.max(effective, span.to() + SETTLING);
            }
        }
        return effective;
    }

    private static void out(History history, Seat removal, long until, List<Violation> found) {
        long from = effective(removal, history.troubled());
        for (Seen seen : history.seen()) {
            if (is(removal, seen.user(), seen.chat()) && seen.at() > from && seen.at() < until) {
                long cause = seen.asked() > 0 ? seen.asked() : said(seen, history.ops());
                if (cause > from) {
                    found.add(new Violation(Violation.Kind.UNAUTHORISED, "after " + removal + " came " + seen));
                }
            }
        }
        for (Op op : history.ops()) {
            boolean accepted = op.outcome() == Outcome.OK && op.invoked() > from && op.answered() < until;
            if (is(removal, op.user(), op.chat()) && accepted) {
                found.add(new Violation(Violation.Kind.UNAUTHORISED, "after " + removal + " was accepted " + op));
            }
        }
    }

    private static boolean is(Seat removal, String user, String chat) {
        return removal.user().equals(user) && removal.chat().equals(chat);
    }

    /** When what was seen was asked for, as far as answers tell; else as if it had been long ago. */
    private static long said(Seen seen, List<Op> ops) {
        return ops.stream()
                .filter(op -> op.chat().equals(seen.chat()) && op.outcome() == Outcome.OK)
                .filter(op -> op.number() == seen.number()
                        || op.kind() == Kind.DELETE
                                && op.message() == seen.message()
                                && seen.number() != seen.message())
                .mapToLong(Op::invoked)
                .max()
                .orElse(0);
    }
}
