package dev.natter.faults;

/** Something that goes wrong for a while. */
sealed interface Fault {
    /** How long, milliseconds; 0 for what is over at once. */
    default int millis() {
        return 0;
    }

    /** {@code kill -9} of a process of ours; it is started again. */
    record Kill(String unit) implements Fault {}

    /** SIGTERM of a process of ours; it is started again. */
    record Terminate(String unit) implements Fault {}

    /** SIGSTOP and SIGCONT of a process of ours. */
    record Freeze(String unit, int millis) implements Fault {}

    /** {@code kill -9} of nats-server. */
    record KillNats() implements Fault {}

    /** SIGSTOP and SIGCONT of nats-server. */
    record FreezeNats(int millis) implements Fault {}

    /** {@code kill -9} of the postmaster. */
    record KillPostgres() implements Fault {}

    /** {@code kill -9} of one of its backends; PostgreSQL then recovers as after a crash. */
    record KillBackend() implements Fault {}

    /** SIGSTOP and SIGCONT of PostgreSQL. */
    record FreezePostgres(int millis) implements Fault {}

    /** The network between a process of ours and NATS, or PostgreSQL, fails. */
    record Network(String unit, boolean toNats, Link.Mode mode, int millis) implements Fault {}

    /** What NATS brings a gateway comes twice, in another order, or not at all. */
    record News(String gateway, Mischief.Mode mode, int millis) implements Fault {}

    /**
     * A service commits what it can't publish and is killed before it can; nothing is said afterwards that would show
     * the hole. Only the outbox knows.
     */
    record Unpublished(String unit) implements Fault {}

    /** A service is killed in the midst of a rush: some events are published and not marked so. */
    record Unmarked(String unit) implements Fault {}

    /** The way to PostgreSQL is cut in the midst of transactions: once and again some have done all but commit. */
    record CutOff(String unit) implements Fault {}

    /** Some devices read nothing for a while. */
    record SlowReaders(int millis) implements Fault {}

    /** Every connection of every device ends at once. */
    record Storm() implements Fault {}

    /** A device is away until much has been said. */
    record Away(int millis) implements Fault {}

    /** What it is called in the closing table. */
    default String title() {
        return switch (this) {
            case Kill(String unit) -> "kill -9 " + unit;
            case Terminate(String unit) -> "SIGTERM " + unit;
            case Freeze(String unit, int _) -> "SIGSTOP " + unit;
            case KillNats _ -> "kill -9 nats-server";
            case FreezeNats _ -> "SIGSTOP nats-server";
            case KillPostgres _ -> "kill -9 postgres";
            case KillBackend _ -> "kill -9 a postgres backend";
            case FreezePostgres _ -> "SIGSTOP postgres";
            case Network(String unit, boolean toNats, Link.Mode mode, int _) ->
                "network " + mode + " " + unit + " - " + (toNats ? "NATS" : "PostgreSQL");
            case News(String gateway, Mischief.Mode mode, int _) -> "NATS messages " + mode + " to " + gateway;
            case Unpublished(String unit) -> "kill -9 " + unit + " before it publishes";
            case Unmarked(String unit) -> "kill -9 " + unit + " between publish and mark";
            case CutOff(String unit) -> "network CUT " + unit + " - PostgreSQL in the midst of transactions";
            case SlowReaders _ -> "slow readers";
            case Storm _ -> "all sockets cut";
            case Away _ -> "devices away";
        };
    }
}
