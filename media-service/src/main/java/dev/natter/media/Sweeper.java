package dev.natter.media;

import java.io.IOException;
import java.lang.System.Logger.Level;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * Takes away the files of deleted chats, and bytes that nobody owns: a crash between writing them and committing their
 * row leaves them, and so does one between deleting a row and its bytes. Bytes younger than {@link #GRACE} may be
 * waiting for their row.
 */
final class Sweeper implements AutoCloseable {
    static final Duration GRACE = Duration.ofHours(2);
    private static final Duration BURIED = Duration.ofDays(1);
    private static final int PORTION = 500;
    private static final System.Logger LOG = System.getLogger(Sweeper.class.getName());

    private final DiskStore store;
    private final Files files;
    private final Avatars avatars;
    private final DeletedChats deletedChats;
    private final Clock clock;
    private final ScheduledExecutorService timer = Executors.newSingleThreadScheduledExecutor(
            Thread.ofPlatform().daemon().name("media-sweeper").factory());

    Sweeper(DiskStore store, Files files, Avatars avatars, DeletedChats deletedChats, Clock clock) {
        this.store = store;
        this.files = files;
        this.avatars = avatars;
        this.deletedChats = deletedChats;
        this.clock = clock;
    }

    void start(Duration every) {
        timer.scheduleWithFixedDelay(this::sweepQuietly, 60, every.toSeconds(), TimeUnit.SECONDS);
    }

    /** Takes the files of deleted chats away, soon. */
    void purgeSoon() {
        timer.execute(this::purgeQuietly);
    }

    /**
     * Takes the files of deleted chats away, in portions: rows first, so that bytes left behind by a crash are swept.
     */
    void purge() {
        for (var ids = deletedChats.portion(); ids.isPresent(); ids = deletedChats.portion()) {
            ids.get().forEach(id -> {
                store.delete(DiskStore.file(id));
                store.delete(DiskStore.thumbnail(id));
            });
        }
    }

    /** Sweeps once. */
    void sweep() throws IOException {
        purge();
        deletedChats.forget(BURIED);
        Instant before = clock.instant().minus(GRACE);
        store.sweepDrafts(clock.instant().minus(BURIED));
        sweep(DiskStore.MESSAGES, before, files::known);
        sweep(DiskStore.AVATARS, before, avatars::known);
        files.forgetBuried(BURIED);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }

    private void sweep(String prefix, Instant before, UnaryOperator<Set<UUID>> known) throws IOException {
        store.list(prefix, before, PORTION, names -> delete(prefix, names, known));
    }

    private void delete(String prefix, List<String> names, UnaryOperator<Set<UUID>> known) {
        Set<UUID> ids = new HashSet<>();
        names.forEach(name -> owner(name).ifPresent(ids::add));
        Set<UUID> owners = known.apply(ids);
        for (String name : names) {
            // What isn't named like ours isn't ours to delete.
            if (owner(name).filter(id -> !owners.contains(id)).isPresent()) {
                LOG.log(Level.INFO, "Deleting " + prefix + name + ", which nobody owns");
                store.delete(prefix + name);
            }
        }
    }

    /** The id that a name begins with: a file and its thumbnail have one owner. */
    private static Optional<UUID> owner(String name) {
        int dot = name.indexOf('.');
        try {
            return Optional.of(UUID.fromString(dot < 0 ? name : name.substring(0, dot)));
        } catch (IllegalArgumentException notOurs) {
            return Optional.empty();
        }
    }

    private void purgeQuietly() {
        try {
            purge();
        } catch (RuntimeException failure) {
            LOG.log(Level.WARNING, "Can't take a deleted chat's files away now: " + failure);
        }
    }

    private void sweepQuietly() {
        try {
            sweep();
        } catch (IOException | RuntimeException failure) {
            LOG.log(Level.WARNING, "Can't sweep now: " + failure);
        }
    }
}
