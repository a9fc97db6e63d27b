package dev.natter.faults;

import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** Who is in which chat, as far as answers tell. Thread-safe. */
final class Society {
    private record Chat(Person owner, Set<String> members) {}

    private final Map<String, Chat> chats = new ConcurrentHashMap<>();

    /** A chat was opened; its owner stays in it. */
    void opened(String chat, Person owner, List<Person> others) {
        Set<String> members = ConcurrentHashMap.newKeySet();
        members.add(owner.id());
        others.forEach(other -> members.add(other.id()));
        chats.put(chat, new Chat(owner, members));
    }

    void entered(String chat, String user) {
        chats.get(chat).members().add(user);
    }

    void left(String chat, String user) {
        chats.get(chat).members().remove(user);
    }

    Person owner(String chat) {
        return chats.get(chat).owner();
    }

    List<String> chats() {
        return chats.keySet().stream().sorted().toList();
    }

    List<String> chatsOf(String user) {
        return chats().stream().filter(chat -> isIn(user, chat)).toList();
    }

    boolean isIn(String user, String chat) {
        return chats.get(chat).members().contains(user);
    }
}
