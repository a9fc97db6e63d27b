package dev.natter.conformance;

import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** What a client is to do next. */
public sealed interface Action {
    /**
     * Ask over the socket for everything since the numbers held, and for what is live from then on.
     *
     * @param epoch the data set that the numbers are of
     * @param since the chats, and the last number held of each
     * @param afterMs how long to wait before; 0 but after a refusal
     */
    record Join(String epoch, SortedMap<String, Long> since, long afterMs) implements Action {
        /** The {@code ref} of a join of many; that of a join of one is the chat's id. */
        public static final String REF_OF_MANY = "join_chats";

        public Join {
            since = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(since));
        }

        static Join one(String chatId, long local, String epoch) {
            return new Join(epoch, new TreeMap<>(Map.of(chatId, local)), 0);
        }

        /**
         * What the answer repeats.
         *
         * @return the chat's id, or {@link #REF_OF_MANY}
         */
        public String ref() {
            return since.size() == 1 ? since.firstKey() : REF_OF_MANY;
        }

        /**
         * The frame to send. Its {@code ref} comes back with the answer: it tells the client's own joins from what the
         * server does by itself ({@code ?subscribe=all}), and a refusal names nothing else.
         *
         * @return a new JSON object
         */
        public ObjectNode frame() {
            ObjectNode frame = JsonNodeFactory.instance.objectNode();
            if (since.size() == 1) {
                String chatId = since.firstKey();
                return frame.put("type", "join_chat")
                        .put("chat_id", chatId)
                        .put("since", since.get(chatId))
                        .put("epoch", epoch)
                        .put("ref", ref());
            }
            frame.put("type", "join_chats");
            ObjectNode chats = frame.putObject("chats");
            since.forEach((chatId, local) -> chats.put(chatId, local));
            return frame.put("epoch", epoch).put("ref", ref());
        }
    }

    /**
     * Load the latest page of a chat and give it to {@link ClientState#page}.
     *
     * @param chatId the chat
     */
    record Load(String chatId) implements Action {
        /**
         * What to {@code GET}.
         *
         * @return path and query
         */
        public String path() {
            return "/api/chats/" + chatId + "/messages";
        }
    }

    /**
     * Fetch the next of what changed in a chat and give it to {@link ClientState#changes}. Only for who reads
     * {@code /changes} instead of joining.
     *
     * @param chatId the chat
     * @param since the last number held
     */
    record Fetch(String chatId, long since) implements Action {
        /**
         * What to {@code GET}.
         *
         * @return path and query
         */
        public String path() {
            return "/api/chats/" + chatId + "/changes?since=" + since;
        }
    }

    /**
     * Fetch what changed in the list of chats and give it to {@link ClientState#chats}; if it is refused as
     * {@code ahead}, tell {@link ClientState#chatsAhead}.
     *
     * @param since the last number held of the user's box
     */
    record FetchChats(long since) implements Action {
        /**
         * What to {@code GET}.
         *
         * @return path and query
         */
        public String path() {
            return "/api/chats?changed_since=" + since;
        }
    }

    /** Send {@code authenticate} with a fresh access token: the one in use is about to expire. */
    record Authenticate() implements Action {}

    /**
     * Connect anew.
     *
     * @param afterMs when
     */
    record Reconnect(long afterMs) implements Action {}
}
