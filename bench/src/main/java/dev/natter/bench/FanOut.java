package dev.natter.bench;

import dev.natter.bench.Figure.Reference;
import dev.natter.bench.Figure.Target.AtMost;
import dev.natter.bench.People.Person;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * One chat with many sockets: what it costs the gateway to bring a message to one of them. Messages are sent as anybody
 * sends them; that is done in other processes, so it isn't in what is measured. Clients talk to the services
 * themselves, since the API gateway in front of them only copies bytes, in yet another process.
 */
final class FanOut implements Scenario {
    private static final System.Logger LOG = System.getLogger(FanOut.class.getName());
    private static final int PEOPLE = 20;
    private static final int SOCKETS_EACH = 50;
    private static final int SOCKETS = PEOPLE * SOCKETS_EACH;
    private static final int BURST = 8;
    /** The compiler's time isn't a delivery's. */
    private static final Duration WARM_UP = Duration.ofSeconds(15);

    private static final double TARGET_ONE = 0.7;
    private static final double TARGET_BURST = 0.2;
    private static final byte[] NEW = "{\"type\":\"new_message\"".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] JOINED = "{\"type\":\"joined_chats\"".getBytes(StandardCharsets.US_ASCII);

    /** Sends texts to everyone. */
    private interface Speaker {
        /** Sends as many at once. */
        void speak(int burst) throws IOException;
    }

    /** What has been heard. */
    private static final class Heard implements Swarm.Ear {
        private final Tally joined = new Tally();
        private final Tally messages = new Tally();
        private volatile byte[] frame;

        @Override
        public void heard(ByteBuffer utf8) {
            if (Swarm.begins(utf8, NEW)) {
                if (frame == null) {
                    frame = new byte[utf8.remaining()];
                    utf8.get(0, frame);
                }
                messages.add();
            } else if (Swarm.begins(utf8, JOINED)) {
                joined.add();
            }
        }
    }

    /** Microseconds of processor time per delivery. */
    private record Cost(double alone, double inBursts) {}

    private record Measured(Cost cost, byte[] frame) {}

    @Override
    public String name() {
        return "fanout";
    }

    @Override
    public String about() {
        return "messages to " + SOCKETS + " sockets in one chat, one at a time and " + BURST + " at once";
    }

    @Override
    public List<Figure> run(Ground ground) throws Exception {
        Measured natter = natter(ground);
        Cost least;
        try (Broadcaster broadcaster = Broadcaster.bare()) {
            least = reference(broadcaster, natter.frame(), ground.length());
        }
        Cost reference = null;
        try (Broadcaster broadcaster = Broadcaster.npm(ground)) {
            reference = reference(broadcaster, natter.frame(), ground.length());
        } catch (IOException missing) {
            LOG.log(System.Logger.Level.WARNING, "No reference for the fan-out: {0}", missing.getMessage());
        }
        String what = "a delivery to one of " + SOCKETS + " sockets, ";
        return List.of(
                new Figure(
                        what + "nothing waiting",
                        natter.cost().alone(),
                        "µs of CPU",
                        new Reference("one thread that writes to each in a loop", least.alone()),
                        null),
                figure(
                        what + "nothing waiting",
                        natter.cost().alone(),
                        reference == null ? null : reference.alone(),
                        TARGET_ONE),
                figure(
                        what + BURST + " at once",
                        natter.cost().inBursts(),
                        reference == null ? null : reference.inBursts(),
                        TARGET_BURST));
    }

    private static Figure figure(String what, double micros, Double reference, double target) {
        return Figure.beside(
                what,
                micros,
                "µs of CPU",
                Optional.ofNullable(reference).map(cost -> new Reference("npm ws", cost)),
                new AtMost(target));
    }

    private static Measured natter(Ground ground) throws Exception {
        Heard heard = new Heard();
        try (Stage stage = Stage.start(ground, Map.of(), "--separate");
                Swarm swarm = new Swarm(heard);
                ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var people = new People(stage.base());
            List<Person> persons = people.register(PEOPLE);
            String chat = people.group(persons.getFirst(), persons);
            for (Person person : persons) {
                for (int socket = 0; socket < SOCKETS_EACH; socket++) {
                    String path = "/ws/" + person.id() + "?subscribe=all";
                    swarm.open(stage.address("realtime-gateway"), path, person.token());
                }
            }
            heard.joined.await(SOCKETS);
            var connections = new ArrayList<Connection>();
            for (int i = 0; i < BURST; i++) {
                connections.add(new Connection(stage.address("message-service")));
            }
            byte[] json = People.JSON.writeValueAsBytes(Map.of("content", "Lunch at one?"));
            byte[] request = Connection.request(
                    "POST",
                    "/api/chats/" + chat + "/messages",
                    persons.getFirst().token(),
                    json);
            Speaker speaker = burst -> post(connections.subList(0, burst), request, threads);
            Cost cost = cost(speaker, swarm, heard, stage.pid("realtime-gateway"), ground.length());
            for (Connection connection : connections) {
                connection.close();
            }
            return new Measured(cost, heard.frame);
        }
    }

    private static void post(List<Connection> connections, byte[] request, ExecutorService threads) throws IOException {
        List<Future<byte[]>> all = connections.stream()
                .map(connection -> threads.submit(() -> connection.ask(request).good()))
                .toList();
        try {
            for (Future<byte[]> one : all) {
                one.get();
            }
        } catch (ExecutionException failed) {
            throw new IOException(failed.getCause());
        } catch (InterruptedException interrupted) {
            Thread.currentThread().interrupt();
            throw new IOException(interrupted);
        }
    }

    private static Cost reference(Broadcaster broadcaster, byte[] frame, Duration length) throws IOException {
        Heard heard = new Heard();
        try (Swarm swarm = new Swarm(heard)) {
            for (int socket = 0; socket < SOCKETS; socket++) {
                swarm.open(broadcaster.base(), "/", null);
            }
            Swarm.Member member = swarm.open(broadcaster.base(), "/speak", null);
            return cost(burst -> member.send(frame, burst), swarm, heard, broadcaster.pid(), length);
        }
    }

    private static Cost cost(Speaker speaker, Swarm swarm, Heard heard, long pid, Duration length) throws IOException {
        return new Cost(
                micros(speaker, 1, swarm, heard, pid, length), micros(speaker, BURST, swarm, heard, pid, length));
    }

    private static double micros(Speaker speaker, int burst, Swarm swarm, Heard heard, long pid, Duration length)
            throws IOException {
        speak(speaker, burst, heard, WARM_UP);
        Usage before = Usage.of(pid);
        long deliveries = speak(speaker, burst, heard, length);
        double micros = Usage.of(pid).cpuSince(before).toNanos() / 1e3;
        swarm.check();
        return micros / deliveries;
    }

    /** The next is sent when everyone has the last: so nothing waits but what is sent at once. */
    private static long speak(Speaker speaker, int burst, Heard heard, Duration length) throws IOException {
        long before = heard.messages.count();
        long total = before;
        for (long end = System.nanoTime() + length.toNanos(); System.nanoTime() < end; ) {
            total += (long) burst * SOCKETS;
            speaker.speak(burst);
            heard.messages.await(total);
        }
        return total - before;
    }
}
