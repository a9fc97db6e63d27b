package dev.natter.faults;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;

/**
 * Somebody who talks: sends, and now and then edits or deletes what they said. Each thing is asked for until it is
 * answered, under one name. One thread of its own.
 */
final class Talker {
    private static final int MANY = 40;

    private final Person person;
    private final Crowd crowd;
    private final Surroundings around;
    private final Recorder recorder;
    private final SplittableRandom dice;
    private final Map<String, List<Entry>> said = new java.util.HashMap<>();
    private int names;
    private volatile boolean busy;
    private volatile boolean stopped;

    Talker(Person person, Crowd crowd, Surroundings around, SplittableRandom dice) {
        this.person = person;
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
            List<String> chats = crowd.isHushed() ? List.of() : crowd.chatsOf(person.id());
            if (!chats.isEmpty()) {
                say(chats.get(dice.nextInt(chats.size())));
            }
            busy = false;
            Wait.pause(crowd.isHurried() ? 5 : dice.nextInt(60, 360), () -> stopped);
        }
        busy = false;
    }

    private void say(String chat) {
        List<Entry> mine = said.computeIfAbsent(chat, _ -> new ArrayList<>());
        int chance = mine.isEmpty() ? 0 : dice.nextInt(100);
        if (chance < 80) {
            send(chat, mine);
        } else if (chance < 94) {
            edit(chat, mine, dice.nextInt(mine.size()));
        } else {
            delete(chat, mine, dice.nextInt(mine.size()));
        }
    }

    private void send(String chat, List<Entry> mine) {
        String name = person.name() + "-" + ++names;
        String content = name + " " + "x".repeat(dice.nextInt(10, 700));
        long id = recorder.begin(Op.send(person.id(), chat, name, content, recorder.now()));
        var reply = persist(
                id,
                "POST",
                "/api/chats/" + chat + "/messages",
                Map.of("content", content, "client_id", name),
                body -> body.path("seq").asLong());
        if (reply != null) {
            mine.add(Entry.of(reply.body()));
            if (mine.size() > MANY) {
                mine.removeFirst();
            }
        }
    }

    private void edit(String chat, List<Entry> mine, int which) {
        Entry entry = mine.get(which);
        String content = entry.name() + " v" + ++names;
        long id = recorder.begin(Op.edit(entry, person.id(), chat, content, recorder.now()));
        var reply = persist(
                id,
                "PUT",
                path(chat, entry),
                Map.of("content", content),
                body -> body.path("changed_seq").asLong());
        if (reply == null) {
            mine.remove(which);
        }
    }

    private void delete(String chat, List<Entry> mine, int which) {
        Entry entry = mine.remove(which);
        long id = recorder.begin(Op.delete(entry, person.id(), chat, recorder.now()));
        persist(id, "DELETE", path(chat, entry), null, _ -> 0);
    }

    private static String path(String chat, Entry entry) {
        return "/api/messages/" + chat + "." + entry.seq();
    }

    /** Asks until there is an answer; null if it is no, or if the run ends first. */
    private Web.Reply persist(
            long id,
            String method,
            String path,
            Object body,
            java.util.function.ToLongFunction<tools.jackson.databind.JsonNode> number) {
        while (!crowd.isOver()) {
            Web.Reply reply = around.web().ask(method, around.messages(path), person.token(), body);
            if (reply.ok()) {
                recorder.update(id, op -> op.ok(recorder.now(), number.applyAsLong(reply.body())));
                return reply;
            }
            if (reply.status() == 404 || reply.status() == 403) {
                recorder.update(id, op -> op.refused(recorder.now()));
                return null;
            }
            recorder.update(id, Op::doubted);
            recorder.count("unanswered sends: " + (reply.again() ? "" + reply.status() : "ODD " + reply.status()));
            Wait.pause(dice.nextInt(100, 600), crowd::isOver);
        }
        return null;
    }
}
