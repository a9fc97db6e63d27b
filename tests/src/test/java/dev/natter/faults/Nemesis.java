package dev.natter.faults;

import dev.natter.faults.Schedule.Step;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Breaks things by a schedule and mends them, one step after the other. Used by one thread. */
final class Nemesis {
    private static final Duration RECOVERY = Duration.ofSeconds(120);
    private static final long SLOW = Duration.ofSeconds(5).toNanos();
    private static final Duration CONVERGENCE = Duration.ofSeconds(45);

    private final Cluster cluster;
    private final Crowd crowd;
    private final Recorder recorder;
    private final Schedule schedule;
    private final SplittableRandom dice;

    Nemesis(Cluster cluster, Crowd crowd, Recorder recorder, SplittableRandom random) {
        this.cluster = cluster;
        this.crowd = crowd;
        this.recorder = recorder;
        this.schedule = new Schedule(cluster.shape(), random.split());
        this.dice = random.split();
    }

    /** Goes on until it is told to end, or a promise is broken. */
    void rage(BooleanSupplier ended) {
        while (!ended.getAsBoolean() && recorder.violations().isEmpty()) {
            step(schedule.next());
        }
    }

    private void step(Step step) {
        Wait.pause(step.pauseMillis(), () -> false);
        long from = recorder.now();
        step.faults().forEach(fault -> recorder.count("fault: " + fault.title()));
        say(
                "%s",
                String.join(
                        ", and ", step.faults().stream().map(Nemesis::described).toList()));
        step.faults().forEach(this::strike);
        int longest = step.faults().stream().mapToInt(Fault::millis).max().orElse(0);
        Wait.pause(longest, () -> false);
        step.faults().forEach(this::mend);
        long mended = recorder.now();
        cluster.awaitReady(RECOVERY);
        long ready = recorder.now();
        recorder.troubled(new Span(from, ready));
        boolean silent = step.faults().stream().anyMatch(Fault.Unpublished.class::isInstance);
        Map<String, Long> heads = crowd.readings().heads();
        String late = crowd.behind(heads, CONVERGENCE, !silent);
        long told = recorder.now();
        crowd.talkOn();
        if (late != null) {
            cluster.dump();
            recorder.broken(new Violation(
                    Violation.Kind.LOST, CONVERGENCE.toSeconds() + " s after " + step.faults() + " was over, " + late));
        }
        say(
                "  mended; all ready after %.1f s, all told after %.1f s; %,d sends answered",
                (ready - mended) / 1e9, (told - mended) / 1e9, recorder.answered());
        if (told - ready > SLOW) {
            say("  the last was %s", crowd.lastBehind());
        }
    }

    private static String described(Fault fault) {
        return fault.title() + (fault.millis() == 0 ? "" : " for %.1f s".formatted(fault.millis() / 1000.0));
    }

    private void strike(Fault fault) {
        switch (fault) {
            case Fault.Kill(String unit) -> cluster.unit(unit).child().crash();
            case Fault.Terminate(String unit) -> cluster.unit(unit).child().terminate();
            case Fault.Freeze(String unit, int _) -> cluster.unit(unit).child().pause();
            case Fault.KillNats _ -> cluster.nats().crash();
            case Fault.FreezeNats _ -> cluster.nats().pause();
            case Fault.KillPostgres _ -> cluster.postgres().crash();
            case Fault.KillBackend _ -> killBackend();
            case Fault.FreezePostgres _ -> cluster.postgres().pause();
            case Fault.Network network -> link(network).set(network.mode());
            case Fault.News(String gateway, Mischief.Mode mode, int _) ->
                cluster.mischief(gateway).set(mode);
            case Fault.Unpublished(String unit) -> unpublished(cluster.unit(unit));
            case Fault.Unmarked(String unit) -> unmarked(cluster.unit(unit));
            case Fault.CutOff(String unit) -> cutOff(cluster.unit(unit));
            case Fault.SlowReaders(int millis) -> some(3).forEach(device -> device.stall(millis));
            case Fault.Storm _ -> crowd.devices().forEach(device -> device.hangUp(0));
            case Fault.Away(int millis) -> some(3).forEach(device -> device.hangUp(millis));
        }
    }

    private void mend(Fault fault) {
        switch (fault) {
            case Fault.Freeze(String unit, int _) -> cluster.unit(unit).child().resume();
            case Fault.FreezeNats _ -> cluster.nats().resume();
            case Fault.FreezePostgres _ -> cluster.postgres().resume();
            case Fault.Network network -> link(network).set(Link.Mode.OPEN);
            case Fault.News(String gateway, Mischief.Mode _, int _) ->
                cluster.mischief(gateway).set(Mischief.Mode.NONE);
            case Fault.Kill _,
                    Fault.Terminate _,
                    Fault.KillNats _,
                    Fault.KillPostgres _,
                    Fault.KillBackend _,
                    Fault.Unpublished _,
                    Fault.Unmarked _,
                    Fault.CutOff _,
                    Fault.SlowReaders _,
                    Fault.Storm _,
                    Fault.Away _ -> {}
        }
    }

    private Link link(Fault.Network network) {
        Unit unit = cluster.unit(network.unit());
        return network.toNats() ? unit.nats() : unit.database();
    }

    private List<Device> some(int many) {
        List<Device> devices = crowd.devices();
        return dice.ints(0, devices.size())
                .distinct()
                .limit(many)
                .mapToObj(devices::get)
                .toList();
    }

    private void unpublished(Unit unit) {
        unit.nats().set(Link.Mode.HOLE);
        crowd.hurry(true);
        Wait.pause(700, () -> false);
        crowd.hurry(false);
        crowd.hush();
        unit.child().crash();
        recorder.count("events committed but never published before a kill", unmarkedRows());
        // What is still on its way goes down with the process.
        unit.nats().set(Link.Mode.CUT);
        unit.nats().set(Link.Mode.OPEN);
    }

    private void unmarked(Unit unit) {
        crowd.hurry(true);
        Wait.pause(dice.nextInt(300, 600), () -> false);
        unit.child().crash();
        crowd.hurry(false);
        recorder.count("events not marked as published at a kill", unmarkedRows());
    }

    /**
     * First answers to commits are lost, since they are on their way for long when the connection is cut; then commits
     * themselves, by connections so new that they still spell them out.
     */
    private void cutOff(Unit unit) {
        crowd.hurry(true);
        unit.database().set(Link.Mode.SLOW);
        Wait.pause(dice.nextInt(1_500, 2_500), () -> false);
        unit.database().set(Link.Mode.CUT);
        Wait.pause(50, () -> false);
        unit.database().set(Link.Mode.UNCOMMITTED);
        Wait.pause(dice.nextInt(1_500, 3_000), () -> false);
        unit.database().set(Link.Mode.OPEN);
        crowd.hurry(false);
    }

    /** Events in message-service's outbox that aren't marked as published. */
    private long unmarkedRows() {
        String sql = "SELECT coalesce(sum(cardinality(heads)), 0) FROM outbox WHERE published_at IS NULL";
        try (Connection connection = connect();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        } catch (SQLException away) {
            return 0;
        }
    }

    private void killBackend() {
        String sql = """
                SELECT pid FROM pg_stat_activity
                WHERE datname = 'natter_message' AND pid <> pg_backend_pid() AND backend_type = 'client backend'
                ORDER BY state_change DESC LIMIT 1""";
        try (Connection connection = connect();
                ResultSet row = connection.createStatement().executeQuery(sql)) {
            if (row.next()) {
                ProcessHandle.of(row.getLong(1)).ifPresent(ProcessHandle::destroyForcibly);
            }
        } catch (SQLException away) {
            say("  no backend to kill: %s", away.getMessage());
        }
    }

    private Connection connect() throws SQLException {
        String url = cluster.postgres().url("natter_message");
        String[] user = url.substring(url.indexOf("//") + 2, url.indexOf('@')).split(":");
        return DriverManager.getConnection(
                "jdbc:postgresql://" + url.substring(url.indexOf('@') + 1), user[0], user[1]);
    }

    private void say(String format, Object... values) {
        System.out.printf("%6.1f s  " + format + "%n", concat(recorder.now() / 1e9, values));
    }

    private static Object[] concat(Object first, Object[] rest) {
        return java.util.stream.Stream.concat(java.util.stream.Stream.of(first), java.util.Arrays.stream(rest))
                .toArray();
    }
}
