package dev.natter.tests;

import dev.natter.conformance.Action;
import dev.natter.conformance.Chat;
import dev.natter.conformance.ClientState;
import dev.natter.conformance.Page;
import dev.natter.conformance.Step;
import dev.natter.conformance.Step.Verdict;
import dev.natter.conformance.Timeline;
import dev.natter.testing.Socket;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.JsonNode;

/**
 * One device of a person: it follows chats by the rule, as the reference has it, and does at once what the rule says.
 * Comes back by itself whenever the server ends the connection. Thread-safe.
 */
final class Follower implements AutoCloseable {
    private static final int RETRY_MIN_MILLIS = 100;
    private static final int RETRY_MAX_MILLIS = 1_500;

    private final Person owner;
    private final String query;
    private final ClientState state = new ClientState();
    private final List<String> holes = new ArrayList<>();
    private final List<JsonNode> resyncs = new ArrayList<>();
    private Socket socket;
    private boolean wanted;
    private int loads;
    private Throwable trouble;

    Follower(Person owner) {
        this(owner, "");
    }

    /** One that connects with a query, as {@code ?subscribe=all}. */
    Follower(Person owner, String query) {
        this.owner = owner;
        this.query = query;
    }

    /** Connects, and stays so. */
    Follower online() {
        Socket opened = owner.socket(query);
        synchronized (this) {
            wanted = true;
            socket = opened;
        }
        Thread.startVirtualThread(() -> listen(opened));
        return this;
    }

    /** Ends the connection without a word. */
    void offline() {
        Socket current;
        synchronized (this) {
            wanted = false;
            current = socket;
            socket = null;
            state.closed();
        }
        if (current != null) {
            current.abort();
        }
    }

    Follower follows(String chat) {
        Step step;
        synchronized (this) {
            step = state.follow(chat);
        }
        obey(step);
        return this;
    }

    /** Whether a chat is live, loaded, and has come to a number. */
    synchronized boolean isAt(String chat, long seq) {
        if (trouble != null) {
            throw new AssertionError(trouble);
        }
        Timeline timeline = state.timeline(chat);
        return timeline != null
                && timeline.link() == Timeline.Link.LIVE
                && !timeline.isLoading()
                && timeline.local() == seq;
    }

    /** The chats that the person is in, as far as this device knows. */
    synchronized Map<String, Chat> chats() {
        return Map.copyOf(state.box().chats());
    }

    /** The number that this device holds the list of chats at. */
    synchronized long boxAt() {
        return state.box().isAsking() ? -1 : state.box().local();
    }

    synchronized boolean isFollowing(String chat) {
        return state.timeline(chat) != null;
    }

    /** The last number applied of a chat that is followed. */
    synchronized long local(String chat) {
        return state.timeline(chat).local();
    }

    /** The contents of a chat's messages, those deleted left out. */
    synchronized List<String> contents(String chat) {
        return state.timeline(chat).messages().stream()
                .filter(message -> !message.deleted())
                .map(dev.natter.conformance.Message::content)
                .toList();
    }

    /** The holes that were met while connected: the server's promise is that there are none. */
    synchronized List<String> holes() {
        return List.copyOf(holes);
    }

    /** Why chats had to be loaded again. */
    synchronized List<String> resyncs() {
        return resyncs.stream().map(frame -> frame.path("reason").asString()).toList();
    }

    synchronized int loads() {
        return loads;
    }

    /** What this connection has heard. */
    synchronized Socket socket() {
        return socket;
    }

    @Override
    public void close() {
        offline();
    }

    private void listen(Socket from) {
        while (isCurrent(from)) {
            JsonNode frame = next(from);
            if (frame != null) {
                doing(() -> hear(from, frame));
            } else if (from.isClosed()) {
                ended(from);
                return;
            }
        }
    }

    private static JsonNode next(Socket from) {
        try {
            return from.await(_ -> true);
        } catch (AssertionError silence) {
            return null;
        }
    }

    /** What goes wrong on a thread of its own is thrown at whoever looks next. */
    private void doing(Runnable step) {
        try {
            step.run();
        } catch (RuntimeException | AssertionError wrong) {
            synchronized (this) {
                trouble = wrong;
            }
        }
    }

    private void hear(Socket from, JsonNode frame) {
        Step step;
        synchronized (this) {
            if (socket != from) {
                return;
            }
            step = state.hear(frame);
            if (step.verdict() == Verdict.HOLE) {
                holes.add(frame.toString());
            }
            if (frame.path("type").asString().equals("resync_required")) {
                resyncs.add(frame);
            }
        }
        obey(step);
    }

    private synchronized boolean isCurrent(Socket from) {
        return socket == from;
    }

    private void ended(Socket from) {
        synchronized (this) {
            if (socket != from) {
                return;
            }
            socket = null;
            state.closed();
        }
        comeBack();
    }

    private void comeBack() {
        int millis = ThreadLocalRandom.current().nextInt(RETRY_MIN_MILLIS, RETRY_MAX_MILLIS);
        CompletableFuture.delayedExecutor(millis, TimeUnit.MILLISECONDS, Thread::startVirtualThread)
                .execute(() -> {
                    if (isWanted()) {
                        try {
                            online();
                        } catch (RuntimeException unreachable) {
                            comeBack();
                        }
                    }
                });
    }

    private synchronized boolean isWanted() {
        return wanted && socket == null;
    }

    private void obey(Step step) {
        for (Action action : step.next()) {
            switch (action) {
                case Action.Join join -> send(join);
                case Action.Load(String chat) -> load(chat);
                case Action.FetchChats fetch -> fetch(fetch);
                case Action.Reconnect _ -> {}
                case Action.Fetch _, Action.Authenticate _ ->
                    throw new AssertionError("Nothing should lead to " + action);
            }
        }
    }

    private void send(Action.Join join) {
        CompletableFuture.delayedExecutor(join.afterMs(), TimeUnit.MILLISECONDS, Runnable::run)
                .execute(() -> {
                    Socket current = socket();
                    if (current != null) {
                        current.send(join.frame());
                    }
                });
    }

    private void load(String chat) {
        Answer answer = owner.client().persistently(new Action.Load(chat).path() + "?limit=200");
        Step step;
        synchronized (this) {
            loads++;
            if (answer.status() == 404) {
                state.forget(chat);
                return;
            }
            long seq = Long.parseLong(answer.is(200).header("Natter-Seq"));
            step = state.page(new Page(
                    chat, seq, answer.header("Natter-Epoch"), null, answer.list(), answer.link("next") != null));
        }
        obey(step);
    }

    private void fetch(Action.FetchChats fetch) {
        Socket asking = socket();
        owner.client()
                .tried(fetch.path())
                // While the list can't be had, its chats go on.
                .ifPresentOrElse(
                        answer -> fetched(fetch, asking, answer),
                        () -> Thread.startVirtualThread(() -> doing(
                                () -> fetched(fetch, asking, owner.client().persistently(fetch.path())))));
    }

    private void fetched(Action.FetchChats fetch, Socket asking, Answer answer) {
        Step step;
        synchronized (this) {
            if (socket != asking) {
                return;
            }
            if (answer.status() == 409) {
                step = state.chatsAhead();
            } else {
                long number = Long.parseLong(answer.is(200).header("Natter-User-Seq"));
                step = state.chats(
                        fetch.since(),
                        number,
                        answer.header("Natter-Epoch"),
                        answer.list(),
                        answer.link("next") != null);
            }
        }
        obey(step);
    }
}
