package dev.natter.faults;

import java.io.IOException;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * Shows members the door and lets them in again, while they talk and listen; and sees whether who is outside can still
 * read, over HTTP and by a socket that joins anew. One thread of its own.
 */
final class Doorkeeper {
    private static final int OUTSIDE = 3;
    private static final Duration LONGEST = Duration.ofSeconds(8);

    private record Outsider(Person person, String chat) {}

    private final Crowd crowd;
    private final Surroundings around;
    private final Recorder recorder;
    private final SplittableRandom dice;
    private final Deque<Outsider> outside = new ArrayDeque<>();
    private volatile boolean busy;
    private volatile boolean stopped;

    Doorkeeper(Crowd crowd, Surroundings around, SplittableRandom dice) {
        this.crowd = crowd;
        this.around = around;
        this.recorder = around.recorder();
        this.dice = dice;
    }

    void start() {
        Thread.ofVirtual().name("doorkeeper").start(this::live);
    }

    void stop() {
        stopped = true;
    }

    boolean isBusy() {
        return busy;
    }

    private void live() {
        while (!stopped) {
            Wait.pause(dice.nextInt(1_500, 4_000), () -> stopped);
            busy = true;
            if (!stopped && !crowd.isHushed()) {
                if (outside.size() >= OUTSIDE || !outside.isEmpty() && dice.nextInt(3) == 0) {
                    letIn(outside.remove());
                } else {
                    showOut();
                }
            }
            busy = false;
        }
    }

    private void showOut() {
        List<String> chats = crowd.society().chats();
        String chat = chats.get(dice.nextInt(chats.size()));
        List<Person> guests = crowd.people().stream()
                .filter(person -> crowd.society().isIn(person.id(), chat))
                .filter(person -> person != crowd.society().owner(chat))
                .toList();
        if (guests.size() < 2) {
            return;
        }
        Person guest = guests.get(dice.nextInt(guests.size()));
        crowd.society().left(chat, guest.id());
        crowd.marks().left(guest.id(), chat);
        long invoked = recorder.now();
        boolean done = persist(chat, "DELETE", "/members/" + guest.id(), null);
        long answered = done ? recorder.now() : Long.MAX_VALUE / 2;
        recorder.seat(new Seat(guest.id(), chat, false, invoked, answered));
        recorder.count("members removed");
        outside.add(new Outsider(guest, chat));
        if (done) {
            probe(guest, chat, answered);
        }
    }

    private void letIn(Outsider outsider) {
        String user = outsider.person().id();
        long invoked = recorder.now();
        boolean done = persist(outsider.chat(), "POST", "/members", Map.of("user_ids", List.of(user)));
        recorder.seat(new Seat(user, outsider.chat(), true, invoked, recorder.now()));
        if (done) {
            recorder.count("members added");
            crowd.society().entered(outsider.chat(), user);
        }
    }

    /** Asks until it is done; somebody who isn't there any more has been removed by an attempt that went unanswered. */
    private boolean persist(String chat, String method, String path, Object body) {
        URI at = around.chats("/api/chats/" + chat + path);
        String token = crowd.society().owner(chat).token();
        while (!crowd.isOver()) {
            Web.Reply reply = around.web().ask(method, at, token, body);
            if (reply.ok() || reply.status() == 404 && method.equals("DELETE")) {
                return true;
            }
            Wait.pause(dice.nextInt(100, 500), crowd::isOver);
        }
        return false;
    }

    /** Reads until it is refused, then joins anew. */
    private void probe(Person person, String chat, long removed) {
        String path = "/api/chats/" + chat + (dice.nextBoolean() ? "/messages" : "/changes?since=0");
        boolean refused = Wait.met(LONGEST, () -> {
            long asked = recorder.now();
            Web.Reply reply = around.web().get(around.messages(path), person.token());
            if (reply.ok()) {
                recorder.seen(new Seen("GET " + path, person.id(), chat, 0, 0, asked, recorder.now()));
            }
            return reply.status() == 404 || crowd.isOver();
        });
        recorder.effect(new Span(removed, recorder.now()));
        if (!refused) {
            recorder.count("removals that took no effect in time");
        }
        join(person, chat);
    }

    private void join(Person person, String chat) {
        long asked = recorder.now();
        List<URI> gateways = around.doors().gateways();
        try {
            Wire wire = new Wire(gateways.get(dice.nextInt(gateways.size())), person.id(), person.token());
            try {
                wire.send(Web.JSON.writeValueAsString(
                        Map.of("type", "join_chat", "chat_id", chat, "since", 0, "ref", "outside")));
                listen(wire, person, chat, asked);
            } finally {
                wire.cut();
            }
        } catch (IOException away) {
            recorder.count("attempts to join from outside that no gateway heard");
        }
    }

    private void listen(Wire wire, Person person, String chat, long asked) throws IOException {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(5);
        while (System.nanoTime() < end) {
            String text = wire.next();
            JsonNode frame = Web.JSON.readTree(text == null ? "{}" : text);
            if (frame.path("ref").asString("").equals("outside")
                    && frame.path("type").asString().equals("error")) {
                return;
            }
            if (frame.path("chat_id").asString("").equals(chat)) {
                recorder.seen(new Seen("a new socket, " + frame, person.id(), chat, 0, 0, asked, recorder.now()));
                return;
            }
        }
    }
}
