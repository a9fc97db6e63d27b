package dev.natter.faults;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.Supplier;
import java.util.function.ToLongFunction;
import tools.jackson.databind.JsonNode;

/**
 * Somebody who talks: sends, now and then edits or deletes what they said, marks what they have read, and sometimes
 * tries to talk where they are not. Each thing is asked for until it is answered, under one name, over HTTP and by
 * socket as it comes. One thread of its own.
 */
final class Talker {
    private static final int MANY = 40;

    private final Person person;
    private final Crowd crowd;
    private final Surroundings around;
    private final Recorder recorder;
    private final SplittableRandom dice;
    private final Device device;
    private final Map<String, List<Entry>> said = new HashMap<>();
    private int names;
    private volatile boolean busy;
    private volatile boolean stopped;

    Talker(Person person, Device device, Crowd crowd, Surroundings around, SplittableRandom dice) {
        this.person = person;
        this.device = device;
        this.crowd = crowd;
        this.around = around;
        this.recorder = around.recorder();
        this.dice = dice;
    }

    void start() {
        Thread.ofVirtual().name("talks-" + person.name()).start(this::live);
    }

    void stop() {
        stopped = true;
    }

    /** Whether something isn't answered yet. */
    boolean isBusy() {
        return busy;
    }

    private void live() {
        while (!stopped) {
            busy = true;
            if (!crowd.isHushed()) {
                List<String> chats = dice.nextInt(12) == 0
                        ? crowd.society().chats()
                        : crowd.society().chatsOf(person.id());
                say(chats.isEmpty() ? crowd.society().chats().getFirst() : chats.get(dice.nextInt(chats.size())));
            }
            busy = false;
            Wait.pause(crowd.isHurried() ? 5 : dice.nextInt(60, 360), () -> stopped);
        }
        busy = false;
    }

    private void say(String chat) {
        List<Entry> mine = said.computeIfAbsent(chat, _ -> new ArrayList<>());
        int chance = mine.isEmpty() ? 0 : dice.nextInt(100);
        if (chance < 72) {
            send(chat, mine);
        } else if (chance < 86) {
            edit(chat, mine, dice.nextInt(mine.size()));
        } else if (chance < 92) {
            delete(chat, mine, dice.nextInt(mine.size()));
        } else {
            mark(chat, mine.get(dice.nextInt(mine.size())).seq());
        }
    }

    private void send(String chat, List<Entry> mine) {
        String name = person.name() + "-" + ++names;
        String content = name + " " + "x".repeat(dice.nextInt(10, 700));
        long id = recorder.begin(Op.send(person.id(), chat, name, content, recorder.now()));
        Map<String, Object> wish = Map.of("content", content, "client_id", name);
        var reply = persist(id, body -> body.path("seq").asLong(), () -> attempt(chat, wish));
        if (reply != null) {
            mine.add(Entry.of(reply.body()));
            if (mine.size() > MANY) {
                mine.removeFirst();
            }
        }
    }

    /** Over HTTP, or by socket. A socket that is hurried would be told to slow down. */
    private Web.Reply attempt(String chat, Map<String, Object> wish) {
        if (dice.nextInt(3) > 0 || crowd.isHurried()) {
            return around.web().ask("POST", around.messages("/api/chats/" + chat + "/messages"), person.token(), wish);
        }
        recorder.count("sends by socket");
        Map<String, Object> frame = new HashMap<>(wish);
        frame.put("type", "send_message");
        frame.put("chat_id", chat);
        return device.ask(frame);
    }

    private void edit(String chat, List<Entry> mine, int which) {
        Entry entry = mine.get(which);
        String content = entry.name() + " v" + ++names;
        long id = recorder.begin(Op.edit(entry, person.id(), chat, content, recorder.now()));
        var reply = persist(
                id,
                body -> body.path("changed_seq").asLong(),
                () -> around.web().ask("PUT", message(chat, entry), person.token(), Map.of("content", content)));
        if (reply == null) {
            mine.remove(which);
        }
    }

    private void delete(String chat, List<Entry> mine, int which) {
        Entry entry = mine.remove(which);
        long id = recorder.begin(Op.delete(entry, person.id(), chat, recorder.now()));
        persist(id, _ -> 0, () -> around.web().ask("DELETE", message(chat, entry), person.token(), null));
    }

    private void mark(String chat, long seq) {
        boolean bySocket = dice.nextBoolean() && !crowd.isHurried();
        Web.Reply reply = bySocket
                ? device.ask(Map.of("type", "mark_read", "chat_id", chat, "seq", seq))
                : around.web()
                        .ask(
                                "POST",
                                around.messages("/api/chats/" + chat + "/read"),
                                person.token(),
                                Map.of("seq", seq));
        if (reply.ok() && crowd.society().isIn(person.id(), chat)) {
            crowd.marks().marked(person.id(), chat, seq);
        }
    }

    private java.net.URI message(String chat, Entry entry) {
        return around.messages("/api/messages/" + chat + "." + entry.seq());
    }

    /** Asks until there is an answer; null if it is no, or if the run ends first. */
    private Web.Reply persist(long id, ToLongFunction<JsonNode> number, Supplier<Web.Reply> attempt) {
        while (!crowd.isOver()) {
            Web.Reply reply = attempt.get();
            if (reply.ok()) {
                recorder.update(id, op -> op.ok(recorder.now(), number.applyAsLong(reply.body())));
                return reply;
            }
            if (reply.status() == 404 || reply.status() == 403) {
                recorder.update(id, op -> op.refused(recorder.now()));
                return null;
            }
            recorder.update(id, Op::doubted);
            recorder.count("attempts answered with " + reply.status());
            if (!reply.again()) {
                recorder.broken(new Violation(Violation.Kind.LOST, "a send of " + person.name() + " got " + reply));
            }
            Wait.pause(dice.nextInt(100, 600), crowd::isOver);
        }
        return null;
    }
}
