package dev.natter.tests;

import dev.natter.testing.Socket;
import java.net.URI;
import java.net.http.HttpRequest.BodyPublishers;
import java.util.List;
import java.util.Map;

/** A registered user, and what they can do. */
record Person(String id, String username, String password, Client client) {
    static Person register(Client anonymous, String username) {
        String password = "correct horse " + username;
        var tokens = anonymous
                .post("/api/auth/register", Map.of("username", username, "password", password))
                .is(201)
                .json();
        return new Person(
                tokens.at("/user/id").asString(),
                username,
                password,
                anonymous.as(tokens.get("access_token").asString()));
    }

    String token() {
        return client.token();
    }

    String opensDirect(Person other) {
        return client.post("/api/chats", Map.of("type", "direct", "member_ids", List.of(other.id)))
                .id();
    }

    String opensGroup(String title, Person... others) {
        var ids = List.of(others).stream().map(Person::id).toList();
        return client.post("/api/chats", Map.of("type", "group", "title", title, "member_ids", ids))
                .is(201)
                .id();
    }

    Answer says(String chat, String content) {
        return client.post("/api/chats/" + chat + "/messages", Map.of("content", content))
                .is(201);
    }

    /** Sends, once, to a service that may be down. */
    Answer triesToSay(String chat, String content, String clientId) {
        var body = Map.of("content", content, "client_id", clientId);
        return client.raw(
                "POST",
                "/api/chats/" + chat + "/messages",
                Map.of("Content-Type", "application/json"),
                BodyPublishers.ofByteArray(Contract.JSON.writeValueAsBytes(body)));
    }

    /** Their own WebSocket, just opened. */
    Socket socket() {
        return socket("");
    }

    /** The same, with a query. */
    Socket socket(String query) {
        return Socket.open(URI.create(socketUri() + query), Map.of("Authorization", "Bearer " + token()));
    }

    /** Their own WebSocket, past its hello. */
    Socket connects() {
        Socket socket = socket();
        socket.await("hello");
        return socket;
    }

    /** Their own WebSocket, live in a chat. */
    Socket joins(String chat) {
        Socket socket = connects();
        socket.send(Map.of("type", "join_chat", "chat_id", chat));
        socket.await("joined_chat");
        return socket;
    }

    URI socketUri() {
        return URI.create(client.base().toString().replaceFirst("^http", "ws") + "/ws/" + id);
    }
}
