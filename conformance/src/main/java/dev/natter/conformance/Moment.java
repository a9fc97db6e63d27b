package dev.natter.conformance;

import dev.natter.conformance.Step.Verdict;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/** What is true only now, and forgotten when the socket closes: who types, who is online. */
public final class Moment {
    private final Map<String, Set<String>> typing = new HashMap<>();
    private final Map<String, Boolean> online = new HashMap<>();

    Moment() {}

    /**
     * Who types in a chat. Whoever shows it lets each fade after 5 s without a word.
     *
     * @param chatId the chat
     * @return users
     */
    public Set<String> typing(String chatId) {
        return Collections.unmodifiableSet(typing.getOrDefault(chatId, Set.of()));
    }

    /**
     * Who is online, as far as the server told.
     *
     * @return true or false by user
     */
    public Map<String, Boolean> online() {
        return Collections.unmodifiableMap(online);
    }

    Step types(JsonNode frame) {
        Set<String> who = typing.computeIfAbsent(frame.path("chat_id").asString(), _ -> new TreeSet<>());
        String user = frame.path("user_id").asString();
        boolean starts = frame.path("is_typing").asBoolean(true);
        return Step.of((starts ? who.add(user) : who.remove(user)) ? Verdict.APPLIED : Verdict.OLD);
    }

    Step presence(JsonNode frame) {
        online.put(frame.path("user_id").asString(), frame.path("online").asBoolean(false));
        return Step.of(Verdict.APPLIED);
    }

    void left(String chatId) {
        typing.remove(chatId);
    }

    void clear() {
        typing.clear();
        online.clear();
    }
}
