package dev.natter.faults;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** Users, their chats, their devices and what they say, spread over all gateways. Thread-safe once gathered. */
final class Crowd {
    private static final int USERS = 8;
    private static final int CHATS = 5;
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    private final Surroundings around;
    private final SplittableRandom random;
    private final Society society = new Society();
    private final Marks marks = new Marks();
    private final Readings readings;
    private final Doorkeeper doorkeeper;
    private final List<Person> people = new ArrayList<>();
    private final List<Talker> talkers = new ArrayList<>();
    private final List<Device> devices = new ArrayList<>();
    private volatile boolean hushed = true;
    private volatile boolean hurried;
    private volatile boolean over;
    private volatile String lastBehind = "";

    Crowd(Surroundings around, SplittableRandom random) {
        this.around = around;
        this.random = random;
        this.readings = new Readings(around, society);
        this.doorkeeper = new Doorkeeper(this, around, random.split());
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
            Device phone = new Device(person.name() + "-phone", person, around, i % 3 == 2, random.split());
            devices.add(phone);
            if (i % 2 == 0) {
                devices.add(new Device(person.name() + "-desk", person, around, false, random.split()));
            }
            talkers.add(new Talker(person, phone, this, around, random.split()));
        }
        devices.forEach(Device::start);
        talkers.forEach(Talker::start);
        doorkeeper.start();
        hushed = false;
    }

    private Person register(String name) {
        Web.Reply reply = readings.insist(
                "POST",
                around.auth("/api/auth/register"),
                null,
                Map.of("username", name, "password", "correct horse " + name),
                Web.Reply::ok);
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
        Map<String, Object> wish = Map.of(
                "type",
                "group",
                "title",
                "chat " + number,
                "member_ids",
                others.stream().map(Person::id).toList());
        Web.Reply reply = readings.insist("POST", around.chats("/api/chats"), owner.token(), wish, Web.Reply::ok);
        society.opened(reply.body().path("id").asString(), owner, others);
    }

    Society society() {
        return society;
    }

    Marks marks() {
        return marks;
    }

    Readings readings() {
        return readings;
    }

    List<Person> people() {
        return people;
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
        Wait.until("every answer", PATIENCE, () -> talkers.stream().noneMatch(Talker::isBusy) && !doorkeeper.isBusy());
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
        Recorder recorder = around.recorder();
        for (String chat : society.chats()) {
            Person owner = society.owner(chat);
            String name = "last words in " + chat;
            long id = recorder.begin(Op.send(owner.id(), chat, name, name, recorder.now()));
            Web.Reply reply = readings.insist(
                    "POST",
                    around.messages("/api/chats/" + chat + "/messages"),
                    owner.token(),
                    Map.of("content", name, "client_id", name),
                    Web.Reply::ok);
            recorder.update(
                    id, op -> op.ok(recorder.now(), reply.body().path("seq").asLong()));
        }
    }

    /**
     * The first device that doesn't hold its owner's chats up to these numbers, or holds others, in words; null if all
     * is as it should be in time.
     *
     * @param strict whether clumsy ones count
     */
    String behind(Map<String, Long> heads, Duration patience, boolean strict) {
        String[] late = new String[1];
        Wait.met(patience, () -> {
            lastBehind = late[0] == null ? lastBehind : late[0];
            late[0] = devices.stream()
                    .filter(device -> strict || !device.mind().isClumsy())
                    .flatMap(device -> behind(device, heads))
                    .findFirst()
                    .orElse(null);
            return late[0] == null;
        });
        return late[0];
    }

    /** Whom {@link #behind} waited for last. */
    String lastBehind() {
        return lastBehind.lines().findFirst().orElse("nobody");
    }

    private Stream<String> behind(Device device, Map<String, Long> heads) {
        return society.chats().stream().flatMap(chat -> {
            long local = device.mind().local(chat);
            boolean in = society.isIn(device.owner().id(), chat);
            String where = device.name() + " at " + device.gateway() + " stands at " + local + " of chat " + chat;
            String why = in && local < heads.get(chat)
                    ? ", which stands at " + heads.get(chat)
                    : !in && local >= 0 ? ", which it was removed from" : null;
            return why == null
                    ? Stream.empty()
                    : Stream.of(where + why + device.mind().evidence());
        });
    }

    /** What every device holds of the chats its owner is in. */
    List<Holding> holdings() {
        return devices.stream()
                .flatMap(device -> society.chatsOf(device.owner().id()).stream().map(device.mind()::holding))
                .toList();
    }

    /** The end: everything stops. */
    void disperse() {
        over = true;
        doorkeeper.stop();
        talkers.forEach(Talker::stop);
        devices.forEach(Device::stop);
    }
}
