package dev.natter.realtime;

import dev.natter.platform.http.Refused;
import dev.natter.realtime.Backfill.Page;
import dev.natter.realtime.Backfill.Reading;
import java.util.List;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Supplier;

/**
 * Reads the log on behalf of a room: what a hole hides, and what those lack who were away. One reading at a time; who
 * wants another waits for it first, so a crowd costs no more than one of them. Its state is guarded by its room's lock;
 * the log is read outside of it.
 */
final class Filling {
    private static final System.Logger LOG = System.getLogger(Filling.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.MILLISECONDS.toNanos(300);
    private static final long RETRY_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int TRIES = 3;

    private record Task(ChatFeed.Fill fill, CompletableFuture<Void> done) {}

    private final UUID chatId;
    private final Object lock;
    private final ChatFeed feed;
    private final Backfill backfill;
    private final Consumer<Supplier<List<Change>>> deliver;
    private CompletableFuture<Void> filled = CompletableFuture.completedFuture(null);
    private long doubts;
    private long settled;
    private boolean looking;
    private long holeSince;
    private long notBefore = System.nanoTime();

    /**
     * Nothing is missing yet.
     *
     * @param chatId the chat
     * @param lock the room's lock
     * @param feed the room's feed
     * @param backfill the log
     * @param deliver does something to the feed under the room's lock, and delivers what that lets through
     */
    Filling(UUID chatId, Object lock, ChatFeed feed, Backfill backfill, Consumer<Supplier<List<Change>>> deliver) {
        this.chatId = chatId;
        this.lock = lock;
        this.feed = feed;
        this.backfill = backfill;
        this.deliver = deliver;
    }

    /**
     * Has everything between two numbers remembered: reads the log, unless memory covers it already.
     *
     * @return whether it is remembered; not if it is too much
     * @throws Refused 503 if the log can't be read now
     */
    boolean remember(long since, long upTo) throws InterruptedException {
        for (int i = 0; i < TRIES; i++) {
            Task task;
            CompletableFuture<Void> done;
            synchronized (lock) {
                if (feed.covers(since, upTo) || feed.isTooFar(since)) {
                    return feed.covers(since, upTo);
                }
                task = begin(since);
                done = filled;
            }
            fill(task);
            try {
                done.get();
            } catch (ExecutionException failed) {
                throw failed.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(failed);
            }
        }
        return false;
    }

    /** Fills what is missing; nothing if somebody is at it. */
    void fill() {
        Task task;
        synchronized (lock) {
            task = begin(Long.MAX_VALUE);
        }
        fill(task);
    }

    /** Whether a reading may begin; not for a while after one has failed. */
    boolean isDue(long now) {
        return now - notBefore > 0;
    }

    /** Time passes: fills a hole that nobody has filled. */
    void tick(long now) {
        boolean fill;
        synchronized (lock) {
            if (!feed.hasHole()) {
                holeSince = now;
            }
            fill = feed.hasHole() && now - holeSince > PATIENCE_NANOS && isDue(now);
        }
        if (fill) {
            Thread.startVirtualThread(this::fill);
        }
    }

    /** Something may have been missed, without a hole to show it: somebody must look until the log has answered. */
    void doubt() {
        synchronized (lock) {
            doubts++;
        }
    }

    /** How many doubts there were; what is seen of the log from now on settles them. */
    long doubts() {
        synchronized (lock) {
            return doubts;
        }
    }

    /** Takes on to say what was {@link #seen}, if there is a doubt that nobody is looking into and it is time to. */
    boolean beginLook(long now) {
        boolean begin = doubts != settled && !looking && isDue(now);
        looking |= begin;
        return begin;
    }

    /** The log was seen to stand at a number; blocks if that is ahead. */
    void seen(long asked, long head) {
        boolean behind;
        synchronized (lock) {
            looking = false;
            behind = head > feed.applied();
            settled = behind || feed.isFilling() ? settled : asked;
        }
        if (behind) {
            fill();
        }
    }

    /** It couldn't be seen where the log stands. */
    void unseen() {
        synchronized (lock) {
            looking = false;
            notBefore = System.nanoTime() + RETRY_NANOS;
        }
    }

    private Task begin(long wanted) {
        ChatFeed.Fill fill = feed.beginFill(wanted);
        if (fill == null) {
            return null;
        }
        filled = new CompletableFuture<>();
        return new Task(fill, filled);
    }

    private void fill(Task task) {
        if (task == null) {
            return;
        }
        try {
            ChatFeed.Fill fill = task.fill();
            Reading reading = backfill.read(chatId, fill.from(), fill.holds());
            boolean last = false;
            while (!last) {
                long asked = doubts();
                Page page = reading.next();
                deliver.accept(() -> {
                    settled = page.last() ? asked : settled;
                    return feed.filled(page);
                });
                last = page.last();
            }
            task.done().complete(null);
        } catch (Refused unavailable) {
            giveUpForNow(task, unavailable);
        } catch (RuntimeException wrong) {
            LOG.log(System.Logger.Level.ERROR, "Filling a hole of chat " + chatId + " failed", wrong);
            giveUpForNow(task, wrong);
        }
    }

    private void giveUpForNow(Task task, RuntimeException why) {
        deliver.accept(() -> {
            notBefore = System.nanoTime() + RETRY_NANOS;
            return feed.fillFailed();
        });
        task.done().completeExceptionally(why);
    }
}
