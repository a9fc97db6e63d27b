package dev.natter.realtime;

import dev.natter.contracts.PresenceEvent;
import dev.natter.contracts.Subjects;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;

/**
 * What this gateway and the others tell each other about who is there. Each tells who came and who went, numbered, and
 * at least every few seconds, so that what was missed shows as a hole and a death as silence. About a user whom nobody
 * here watched before the others are asked; whoever doesn't answer doesn't have them.
 *
 * <p>Guarded by its {@link Presence}, which looks again at every watch that is returned.
 */
final class Gateways {
    private static final System.Logger LOG = System.getLogger(Gateways.class.getName());
    private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(1);
    private static final int USERS_AT_ONCE = 500;

    private final String name = UUID.randomUUID().toString();
    private final PresenceConfig config;
    private final BiConsumer<String, PresenceEvent> teller;
    private final Guests guests;
    private final Map<UUID, Watch> watches;
    private final Neighbours neighbours;
    private final Questions questions = new Questions(PATIENCE_NANOS);
    private final Map<UUID, Instant> changes = new LinkedHashMap<>();
    private final List<Watch> wondered = new ArrayList<>();
    private long number;
    private long announcedAt;
    private boolean announceSoon = true;
    private long heardMyself;

    /**
     * Knows no others yet.
     *
     * @param teller tells others something, on a subject
     * @param guests who is here
     * @param watches who is watched here, by user
     * @param now by {@link System#nanoTime}
     */
    Gateways(
            PresenceConfig config,
            BiConsumer<String, PresenceEvent> teller,
            Guests guests,
            Map<UUID, Watch> watches,
            long now) {
        this.heardMyself = now;
        this.config = config;
        this.teller = teller;
        this.guests = guests;
        this.watches = watches;
        this.neighbours =
                new Neighbours(config.lease().toNanos(), config.grace().toNanos());
    }

    /** What this gateway is called. */
    String name() {
        return name;
    }

    /** Someone came here who wasn't here. */
    void came(UUID userId) {
        changes.put(userId, null);
    }

    /** Someone went, and was last seen then. */
    void went(UUID userId, Instant at) {
        changes.put(userId, at);
    }

    /** Of this one nothing is known yet. */
    void wonder(Watch watch) {
        wondered.add(watch);
    }

    /** Asks the others about everyone of whom nothing is known yet. */
    List<Watch> askAround(long now) {
        if (wondered.isEmpty()) {
            return List.of();
        }
        List<Watch> all = List.copyOf(wondered);
        wondered.clear();
        Set<String> names = neighbours.names();
        if (names.isEmpty()) {
            all.forEach(Watch::settle);
            return all;
        }
        ask(all, names, Subjects.PRESENCE, now);
        return List.of();
    }

    /** Time passes. */
    List<Watch> tick(long now) {
        var touched = new ArrayList<Watch>(askAround(now));
        for (Questions.Question late : questions.giveUp(now)) {
            late.about().forEach(Watch::settle);
            touched.addAll(late.about());
            late.awaited().retainAll(neighbours.names());
            late.awaited().forEach(gateway -> ask(late.about(), Set.of(gateway), Subjects.presence(gateway), now));
        }
        neighbours.buryDead(heardMyself).forEach((dead, heard) -> {
            LOG.log(System.Logger.Level.INFO, "Gateway {0} has fallen silent", dead);
            watches.values().stream().filter(watch -> watch.isAt(dead)).forEach(watch -> {
                watch.isAt(dead, false, heard);
                touched.add(watch);
            });
        });
        if (announceSoon
                || !changes.isEmpty()
                || now - announcedAt >= config.announce().toNanos()) {
            announce(now, false);
        }
        return touched;
    }

    /** Another gateway, or this one, has said something. */
    List<Watch> take(PresenceEvent event, long now) {
        return switch (event) {
            case PresenceEvent.Attendance told -> told(told, now);
            case PresenceEvent.Asked question -> {
                answer(question);
                yield List.of();
            }
            case PresenceEvent.Answered answer -> answered(answer, now);
            case PresenceEvent.Unknown _ -> List.of();
        };
    }

    /** Something that others told may have been missed, and they may have missed something. */
    void doubt(long now) {
        heardMyself = now;
        neighbours.pardon(now);
        announceSoon = true;
        neighbours.names().forEach(gateway -> askAll(gateway, now));
    }

    /** Tells the others that nothing more will be told. */
    void sayGoodbye(long now) {
        announce(now, true);
    }

    private void announce(long now, boolean closing) {
        do {
            var online = new ArrayList<UUID>();
            var offline = new HashMap<UUID, Instant>();
            for (var each = changes.entrySet().iterator();
                    each.hasNext() && online.size() + offline.size() < USERS_AT_ONCE; ) {
                Map.Entry<UUID, Instant> change = each.next();
                if (change.getValue() == null) {
                    online.add(change.getKey());
                } else {
                    offline.put(change.getKey(), change.getValue());
                }
                each.remove();
            }
            teller.accept(Subjects.PRESENCE, new PresenceEvent.Attendance(name, ++number, closing, online, offline));
        } while (!changes.isEmpty());
        announcedAt = now;
        announceSoon = false;
    }

    private List<Watch> told(PresenceEvent.Attendance told, long now) {
        if (told.gateway().equals(name)) {
            heardMyself = now;
            return List.of();
        }
        boolean strange = neighbours.number(told.gateway()) == 0;
        Neighbours.News news = neighbours.heard(told.gateway(), told.number(), told.closing(), now, Instant.now());
        if (news == Neighbours.News.OLD) {
            return List.of();
        }
        if (news == Neighbours.News.HOLE) {
            announceSoon |= strange;
            askAll(told.gateway(), now);
        }
        return apply(told.gateway(), told.online(), told.offline());
    }

    private void answer(PresenceEvent.Asked question) {
        if (question.gateway().equals(name)) {
            return;
        }
        var online = new ArrayList<UUID>();
        var offline = new HashMap<UUID, Instant>();
        for (UUID userId : question.userIds()) {
            if (guests.has(userId)) {
                online.add(userId);
            } else if (guests.lastSeen(userId) != null) {
                offline.put(userId, guests.lastSeen(userId));
            }
        }
        teller.accept(
                Subjects.presence(question.gateway()),
                new PresenceEvent.Answered(name, question.question(), number, online, offline));
    }

    private List<Watch> answered(PresenceEvent.Answered answer, long now) {
        String gateway = answer.gateway();
        List<Watch> about = questions.about(answer.question());
        // Whoever isn't known is dead, and nobody would bury their guests again; or will be heard and asked soon.
        Set<UUID> online = neighbours.number(gateway) == 0 ? Set.of() : Set.copyOf(answer.online());
        var touched = new ArrayList<Watch>();
        if (answer.number() < neighbours.number(gateway)) {
            // What it has told since was applied already, and the answer would undo it.
            ask(about, Set.of(gateway), Subjects.presence(gateway), now);
        } else if (about.isEmpty()) {
            touched.addAll(apply(gateway, online, answer.offline()));
        } else {
            for (Watch watch : about) {
                UUID userId = watch.userId();
                watch.isAt(gateway, online.contains(userId), answer.offline().get(userId));
                touched.add(watch);
            }
        }
        List<Watch> complete = questions.answered(answer.question(), gateway);
        complete.forEach(Watch::settle);
        touched.addAll(complete);
        return touched;
    }

    private List<Watch> apply(String gateway, Collection<UUID> online, Map<UUID, Instant> offline) {
        var touched = new ArrayList<Watch>();
        for (UUID userId : online) {
            Watch watch = watches.get(userId);
            if (watch != null) {
                watch.isAt(gateway, true, null);
                touched.add(watch);
            }
        }
        offline.forEach((userId, at) -> {
            Watch watch = watches.get(userId);
            if (watch != null) {
                watch.isAt(gateway, false, at);
                touched.add(watch);
            }
        });
        return touched;
    }

    private void askAll(String gateway, long now) {
        ask(List.copyOf(watches.values()), Set.of(gateway), Subjects.presence(gateway), now);
    }

    private void ask(List<Watch> about, Set<String> gateways, String subject, long now) {
        for (int from = 0; from < about.size(); from += USERS_AT_ONCE) {
            List<Watch> some = about.subList(from, Math.min(about.size(), from + USERS_AT_ONCE));
            long question = questions.ask(some, gateways, now);
            List<UUID> users = some.stream().map(Watch::userId).toList();
            teller.accept(subject, new PresenceEvent.Asked(name, question, users));
        }
    }
}
