package dev.natter.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.IntStream;
import tools.jackson.databind.JsonNode;

/** Users, their chats, their devices and what they say, spread over all gateways. Thread-safe once gathered. */
final class Crowd {
    private static final int USERS = 8;
    private static final int CHATS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Surroundings around;
    private final SplittableRandom random;
    private final List<Person> people = new ArrayList<>();
    private final List<Talker> talkers = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    /** Who is in which chat; the first made it, and stays. */
    private final Map<String, Set<String>> members = new ConcurrentHashMap<>();

    private final Map<String, Person> owners = new HashMap<>();
    private volatile boolean hushed = true;
    private volatile boolean hurried;
    private volatile boolean over;

    Crowd(Surroundings around, SplittableRandom random) {
        this.around = around;
        this.random = random;
    }

    /** Registers everyone, opens the chats, connects the devices; then all begin to talk. */
    void gather() {
        for (int i = 0; i < USERS; i++) {
            people.add(register("user" + i));
        }
        for (int i = 0; i < CHATS; i++) {
            open(i);
        }
        for (int i = 0; i < USERS; i++) {
            Person person = people.get(i);
            devices.add(new Device(person.name() + "-phone", person, around, i % 3 == 2, random.split()));
            if (i % 2 == 0) {
                devices.add(new Device(person.name() + "-desk", person, around, false, random.split()));
            }
            talkers.add(new Talker(person, this, around, random.split()));
        }
        devices.forEach(Device::start);
        talkers.forEach(Talker::start);
        hushed = false;
    }

    private Person register(String name) {
        Web.Reply reply = insist(
                "POST",
                around.auth("/api/auth/register"),
                null,
                Map.of("username", name, "password", "correct horse " + name));
        return new Person(
                reply.body().at("/user/id").asString(),
                name,
                reply.body().path("access_token").asString());
    }

    private void open(int number) {
        Person owner = people.get(number % people.size());
        List<Person> others = IntStream.range(1, 5)
                .mapToObj(step -> people.get((number + step * (1 + number % 2)) % people.size()))
                .filter(person -> person != owner)
                .toList();
        Web.Reply reply = insist(
                "POST",
                around.chats("/api/chats"),
                owner.token(),
                Map.of(
                        "type",
                        "group",
                        "title",
                        "chat " + number,
                        "member_ids",
                        others.stream().map(Person::id).toList()));
        String chat = reply.body().path("id").asString();
        Set<String> inside = ConcurrentHashMap.newKeySet();
        inside.add(owner.id());
        others.forEach(person -> inside.add(person.id()));
        owners.put(chat, owner);
        members.put(chat, inside);
    }

    private Web.Reply insist(String method, java.net.URI at, String token, Object body) {
        Web.Reply[] last = new Web.Reply[1];
        Wait.until(method + " " + at, PATIENCE, () -> {
            last[0] = around.web().ask(method, at, token, body);
            return last[0].ok();
        });
        return last[0];
    }

    List<String> chatsOf(String userId) {
        return members.entrySet().stream()
                .filter(entry -> entry.getValue().contains(userId))
                .map(Map.Entry::getKey)
                .sorted()
                .toList();
    }

    List<Device> devices() {
        return devices;
    }

    boolean isHushed() {
        return hushed;
    }

    boolean isHurried() {
        return hurried;
    }

    boolean isOver() {
        return over;
    }

    /** Nobody begins anything; returns when all that was begun is answered. */
    void hush() {
        hushed = true;
        Wait.until("every answer", PATIENCE, () -> talkers.stream().noneMatch(Talker::isBusy));
    }

    void talkOn() {
        hushed = false;
    }

    /** Everybody talks as fast as they can, or as before. */
    void hurry(boolean fast) {
        hurried = fast;
    }

    /** Something is said in every chat, so that whoever has missed what came before can notice. */
    void lastWords() {
        owners.forEach((chat, owner) -> {
            String name = "last words in " + chat;
            Recorder recorder = around.recorder();
            long id = recorder.begin(Op.send(owner.id(), chat, name, name, recorder.now()));
            Web.Reply reply = insist(
                    "POST",
                    around.messages("/api/chats/" + chat + "/messages"),
                    owner.token(),
                    Map.of("content", name, "client_id", name));
            recorder.update(
                    id, op -> op.ok(recorder.now(), reply.body().path("seq").asLong()));
        });
    }

    /** Where each chat's log stands, asked by its owner. */
    Map<String, Long> heads() {
        Map<String, Long> heads = new HashMap<>();
        owners.forEach((chat, owner) -> {
            Web.Reply reply = insist(
                    "GET", around.messages("/api/chats/" + chat + "/changes?since=0&limit=1"), owner.token(), null);
            heads.put(chat, reply.body().path("seq").asLong());
        });
        return heads;
    }

    /**
     * The first device that doesn't reach these numbers in time, in words; null if all do.
     *
     * @param strict whether clumsy ones count
     */
    String behind(Map<String, Long> heads, Duration patience, boolean strict) {
        String[] late = new String[1];
        Wait.met(patience, () -> {
            late[0] = null;
            for (Device device : devices) {
                for (String chat : chatsOf(device.owner().id())) {
                    if (device.mind().local(chat) < heads.get(chat)
                            && (strict || !device.mind().isClumsy())) {
                        late[0] = device.name() + " stands at " + device.mind().local(chat) + " of chat " + chat
                                + ", which stands at " + heads.get(chat);
                        return false;
                    }
                }
            }
            return true;
        });
        return late[0];
    }

    /** Every chat's log. */
    List<Log> logs() {
        return owners.entrySet().stream()
                .map(owner -> log(owner.getKey(), owner.getValue()))
                .toList();
    }

    private Log log(String chat, Person reader) {
        Map<Long, Entry> entries = new HashMap<>();
        long since = 0;
        while (true) {
            Web.Reply page = insist(
                    "GET",
                    around.messages("/api/chats/" + chat + "/changes?limit=200&since=" + since),
                    reader.token(),
                    null);
            for (JsonNode message : page.body().path("messages")) {
                Entry entry = Entry.of(message);
                entries.put(entry.seq(), entry);
                since = entry.changed();
            }
            if (!page.body().path("more").asBoolean()) {
                return new Log(chat, page.body().path("seq").asLong(), List.copyOf(entries.values()));
            }
        }
    }

    /** What every device holds of the chats its owner is in. */
    List<Holding> holdings() {
        return devices.stream()
                .flatMap(device -> chatsOf(device.owner().id()).stream().map(device.mind()::holding))
                .toList();
    }

    /** The end: everything stops. */
    void disperse() {
        over = true;
        talkers.forEach(Talker::stop);
        devices.forEach(Device::stop);
    }
}
