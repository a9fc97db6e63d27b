package dev.natter.message;

import java.net.URI;
import java.time.Duration;
import java.util.List;
import java.util.UUID;
import java.util.function.ObjIntConsumer;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Threads;

/**
 * Sends through one commit lane whose transaction writes nothing: what joining, gathering, waiting and being told cost
 * beside it. By virtual threads, as requests come. Here, since lanes are message-service's own.
 */
@State(Scope.Benchmark)
@Fork(jvmArgsAppend = "-Djmh.executor=VIRTUAL")
public class LanePiece {
    private static final int MANY = 64;

    /** One lane, and in it as much as by default. */
    private static final MessageConfig CONFIG =
            new MessageConfig(URI.create("http://none"), Duration.ofDays(1), 1, 64, 4096, Duration.ofSeconds(10));

    private static final Outcome OUTCOME = new Outcome.Stranger();

    private final CommitLanes idle = new CommitLanes(LanePiece::commit, CONFIG);
    private final CommitLanes busy = new CommitLanes(LanePiece::commitAfterOthers, CONFIG);
    private final Change send = new Change.Send(UUID.randomUUID(), UUID.randomUUID(), "Lunch at one?", null, "1", null);

    /** Lets others go first, as a transaction that waits for PostgreSQL does: without that, nobody would gather. */
    private static void commitAfterOthers(List<Change> changes, ObjIntConsumer<Outcome> told) {
        Thread.yield();
        commit(changes, told);
    }

    private static void commit(List<Change> changes, ObjIntConsumer<Outcome> told) {
        for (int place = 0; place < changes.size(); place++) {
            told.accept(OUTCOME, place);
        }
    }

    /**
     * Finds the lane empty, and is committed by its own thread.
     *
     * @return what became of the send
     */
    @Benchmark
    @Threads(1)
    public Object alone() {
        return idle.commit(send);
    }

    /**
     * Finds others in the lane, and goes along with them.
     *
     * @return what became of the send
     */
    @Benchmark
    @Threads(MANY)
    public Object amongMany() {
        return busy.commit(send);
    }

    /** Ends both lanes. */
    @TearDown
    public void close() {
        idle.close();
        busy.close();
    }
}
