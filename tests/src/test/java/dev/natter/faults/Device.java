package dev.natter.faults;

import dev.natter.conformance.Action;
import dev.natter.conformance.Page;
import dev.natter.faults.Violation.Kind;
import java.io.IOException;
import java.net.URI;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.StreamSupport;
import tools.jackson.databind.JsonNode;

/**
 * A client that follows the rule: it listens to one gateway or the other, does what the reference reducer says, and
 * comes back after every end of the connection. One thread of its own; the rest is thread-safe.
 */
final class Device {
    private static final int SILENCES = 2;

    private final String name;
    private final Person owner;
    private final Surroundings around;
    private final Recorder recorder;
    private final SplittableRandom dice;
    private final Mind mind;
    private final Map<String, CompletableFuture<Web.Reply>> answers = new ConcurrentHashMap<>();
    private final AtomicLong asked = new AtomicLong();
    private volatile Wire wire;
    private volatile URI gateway;
    private volatile long silentUntil = System.nanoTime();
    private volatile long awayMillis;
    private volatile boolean stopped;

    Device(String name, Person owner, Surroundings around, boolean clumsy, SplittableRandom dice) {
        this.name = name;
        this.owner = owner;
        this.around = around;
        this.recorder = around.recorder();
        this.dice = dice;
        this.mind = clumsy ? Mind.clumsy(name, owner, recorder, dice.split()) : new Mind(name, owner, recorder, null);
    }

    String name() {
        return name;
    }

    Person owner() {
        return owner;
    }

    /** The gateway that it was connected to last; null before. */
    URI gateway() {
        return gateway;
    }

    Mind mind() {
        return mind;
    }

    void start() {
        Thread.ofVirtual().name(name).start(this::live);
    }

    void stop() {
        stopped = true;
        hangUp(0);
    }

    /** Ends the connection without a word, and stays away for a while. */
    void hangUp(long millis) {
        awayMillis = millis;
        Wire current = wire;
        if (current != null) {
            current.cut();
        }
    }

    /** Reads nothing for a while. */
    void stall(long millis) {
        silentUntil = System.nanoTime() + millis * 1_000_000;
        mind.slow();
    }

    private void live() {
        while (!stopped) {
            try {
                listen();
            } catch (Wire.Ended ended) {
                recorder.count("closed " + ended.code());
            } catch (IOException lost) {
                recorder.count("closed by the network");
            } catch (RuntimeException defect) {
                mind.broken(Kind.INVENTED, "can't understand what it heard: " + defect);
            }
            wire = null;
            answers.values().forEach(answer -> answer.complete(Web.nothing()));
            mind.closed();
            long away = awayMillis;
            awayMillis = 0;
            Wait.pause(away + dice.nextInt(50, 500), () -> stopped);
            recorder.count("reconnects");
        }
    }

    private void listen() throws IOException {
        List<URI> gateways = around.doors().gateways();
        gateway = gateways.get(dice.nextInt(gateways.size()));
        Wire fresh = new Wire(gateway, owner.id(), owner.token());
        wire = fresh;
        mind.connected(gateway);
        try {
            int silences = 0;
            while (!stopped && silences < SILENCES) {
                Wait.pause(60_000, () -> stopped || System.nanoTime() - silentUntil > 0);
                String text = fresh.next();
                silences = text == null ? silences + 1 : 0;
                if (text == null) {
                    fresh.send("{\"type\":\"ping\"}");
                } else {
                    answered(text);
                    act(fresh, mind.hear(text));
                }
            }
        } finally {
            fresh.cut();
        }
    }

    /**
     * Asks by the socket.
     *
     * @param frame the question
     * @return the answer as if it had come over HTTP; nothing, if none came in time
     */
    Web.Reply ask(Map<String, Object> frame) {
        String ref = "ask-" + asked.incrementAndGet();
        Map<String, Object> question = new HashMap<>(frame);
        question.put("ref", ref);
        CompletableFuture<Web.Reply> answer = new CompletableFuture<>();
        answers.put(ref, answer);
        try {
            Wire current = wire;
            if (current == null) {
                return Web.nothing();
            }
            current.send(Web.JSON.writeValueAsString(question));
            return answer.get(8, TimeUnit.SECONDS);
        } catch (IOException | ExecutionException | TimeoutException unanswered) {
            return Web.nothing();
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            return Web.nothing();
        } finally {
            answers.remove(ref);
        }
    }

    private void answered(String text) {
        JsonNode frame = Web.JSON.readTree(text);
        CompletableFuture<Web.Reply> answer = answers.remove(frame.path("ref").asString(""));
        if (answer == null) {
            return;
        }
        int status = 200;
        if (frame.path("type").asString().equals("error")) {
            String code = frame.path("code").asString();
            status = frame.path("retryable").asBoolean() ? 503 : code.equals("not_found") ? 404 : 400;
        }
        answer.complete(
                new Web.Reply(status, frame.path("message"), Web.nothing().headers()));
    }

    private void act(Wire to, List<Action> actions) throws IOException {
        for (Action action : actions) {
            switch (action) {
                case Action.Join join when join.afterMs() > 0 -> later(to, join);
                case Action.Join join -> join(to, join);
                case Action.Load(String chat) -> load(to, chat);
                case Action.FetchChats fetch -> fetch(to, fetch);
                case Action.Reconnect(long afterMs) -> awayMillis = Math.min(2_000, afterMs);
                case Action.Fetch _, Action.Authenticate _ -> mind.broken(Kind.INVENTED, "nothing asked for " + action);
            }
        }
    }

    /** A client may join chats in one frame, or one by one. */
    private void join(Wire to, Action.Join join) throws IOException {
        if (join.since().size() > 1 && oneByOne()) {
            for (var chat : join.since().entrySet()) {
                var alone = new TreeMap<>(Map.of(chat.getKey(), chat.getValue()));
                join(to, new Action.Join(join.epoch(), alone, 0));
            }
        } else {
            mind.asking(join);
            to.send(join.frame().toString());
        }
    }

    private synchronized boolean oneByOne() {
        return dice.nextBoolean();
    }

    private void later(Wire to, Action.Join join) {
        Thread.ofVirtual().start(() -> {
            Wait.pause(join.afterMs(), () -> stopped);
            try {
                join(to, join);
            } catch (IOException gone) {
                recorder.count("joins too late");
            }
        });
    }

    /** Loads a chat from its end to its beginning; without an answer, hangs up and begins all over. */
    private void load(Wire to, String chat) throws IOException {
        recorder.count("loads");
        Long before = null;
        do {
            String path = new Action.Load(chat).path() + "?limit=200" + (before == null ? "" : "&before=" + before);
            Web.Reply reply = around.web().get(around.messages(path), owner.token());
            if (reply.status() == 404) {
                recorder.count("loads refused");
                mind.forget(chat);
            }
            if (!reply.ok()) {
                throw new IOException("the chat can't be loaded");
            }
            Page page = new Page(
                    chat, reply.number("Natter-Seq"), reply.header("Natter-Epoch"), before, list(reply), reply.more());
            act(to, mind.page(page));
            before = mind.heldFrom(chat);
        } while (before > 0 && mind.local(chat) >= 0);
    }

    private void fetch(Wire to, Action.FetchChats fetch) throws IOException {
        Web.Reply reply = around.web().get(around.chats(fetch.path()), owner.token());
        if (reply.status() == 409) {
            act(to, mind.chatsAhead());
            return;
        }
        if (!reply.ok()) {
            throw new IOException("the list of chats can't be had");
        }
        List<JsonNode> chats = list(reply);
        List<Action> step = mind.chats(
                fetch.since(), reply.number("Natter-User-Seq"), reply.header("Natter-Epoch"), chats, reply.more());
        act(to, step);
    }

    private static List<JsonNode> list(Web.Reply reply) {
        return StreamSupport.stream(reply.body().spliterator(), false).toList();
    }
}
