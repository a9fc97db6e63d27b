package dev.natter.faults;

import java.net.URI;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import tools.jackson.databind.JsonNode;

/** What the services say when all is well: asked until they answer. */
record Readings(Surroundings around, Society society) {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** Asks until the answer is as wanted. */
    Web.Reply insist(String method, URI at, String token, Object body, Predicate<Web.Reply> wanted) {
        Web.Reply[] last = new Web.Reply[1];
        Wait.until("a good answer to " + method + " " + at, PATIENCE, () -> {
            last[0] = around.web().ask(method, at, token, body);
            return wanted.test(last[0]);
        });
        return last[0];
    }

    private Web.Reply get(URI at, Person reader) {
        return insist("GET", at, reader.token(), null, Web.Reply::ok);
    }

    /** Where each chat's log stands. */
    Map<String, Long> heads() {
        Map<String, Long> heads = new HashMap<>();
        for (String chat : society.chats()) {
            URI at = around.messages("/api/chats/" + chat + "/changes?since=0&limit=1");
            heads.put(chat, get(at, society.owner(chat)).body().path("seq").asLong());
        }
        return heads;
    }

    /** Every chat's log. */
    List<Log> logs() {
        return society.chats().stream().map(this::log).toList();
    }

    private Log log(String chat) {
        Map<Long, Entry> entries = new HashMap<>();
        long since = 0;
        while (true) {
            URI at = around.messages("/api/chats/" + chat + "/changes?limit=200&since=" + since);
            JsonNode page = get(at, society.owner(chat)).body();
            for (JsonNode message : page.path("messages")) {
                Entry entry = Entry.of(message);
                entries.put(entry.seq(), entry);
                since = entry.changed();
            }
            if (!page.path("more").asBoolean()) {
                return new Log(chat, page.path("seq").asLong(), List.copyOf(entries.values()));
            }
        }
    }

    /** What a user's list of chats says of one; null if it isn't in the list. */
    JsonNode listed(Person person, String chat) {
        Web.Reply reply = around.web().get(around.chats("/api/chats/" + chat), person.token());
        return reply.ok() ? reply.body() : null;
    }

    /**
     * What does not agree with a log in what chat-service shows of it, which it knows by events alone; null if all does
     * in time.
     */
    String stale(List<Log> logs, Duration patience) {
        String[] found = new String[1];
        Wait.met(patience, () -> {
            found[0] = logs.stream()
                    .map(this::stale)
                    .filter(text -> text != null)
                    .findFirst()
                    .orElse(null);
            return found[0] == null;
        });
        return found[0];
    }

    private String stale(Log log) {
        JsonNode shown = listed(society.owner(log.chat()), log.chat());
        Entry newest = log.entries().stream()
                .filter(Entry::text)
                .max(Comparator.comparingLong(Entry::seq))
                .orElse(null);
        if (shown == null || newest == null) {
            return shown == null ? "nothing is shown of chat " + log.chat() : null;
        }
        Entry last = Entry.of(shown.path("last_message"));
        boolean same = shown.path("seq").asLong() == log.seq() && last.equals(newest);
        return same
                ? null
                : "chat-service shows " + shown.path("seq") + " and " + last + " of " + log.chat()
                        + ", which stands at " + log.seq() + " with " + newest;
    }

    /** What members are told of unread messages. */
    List<Count> counts(List<Person> people, Marks marks) {
        List<Count> counts = new ArrayList<>();
        for (Person person : people) {
            for (String chat : society.chatsOf(person.id())) {
                JsonNode shown = insist(
                                "GET",
                                around.chats("/api/chats/" + chat),
                                person.token(),
                                null,
                                reply -> reply.body().path("unread_count").isNumber())
                        .body();
                counts.add(new Count(
                        person.id(),
                        chat,
                        marks.of(person.id(), chat),
                        shown.path("last_read_seq").asLong(),
                        shown.path("unread_count").asLong()));
            }
        }
        return counts;
    }
}
